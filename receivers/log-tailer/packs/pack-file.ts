import { z } from 'zod';

/** Of a pattern, in characters. */
const longestPattern = 500;

const metric = z
  .string()
  .regex(/^[a-z][a-z0-9_]{0,62}$/, 'expected small letters, digits and underscores, 63 at most')
  .describe(
    'What it is called in metrics and charts, `kubelet_start`; the same one of a pack that is extended is replaced.',
  );

const pattern = z.string().min(1).max(longestPattern);
const patterns = z
  .union([pattern, z.array(pattern).min(1).max(16)])
  .transform((one) => (Array.isArray(one) ? one : [one]));

const told = {
  metric,
  name: z.string().min(1).max(80).describe('For people: `Kubelet Start`.'),
  sources: z
    .array(z.string().min(1))
    .min(1)
    .describe('Sources that may tell of it, the most trusted first.'),
  pattern: patterns
    .optional()
    .describe("In RE2's syntax, one or several; looked for in all of its sources that are logs."),
  patterns: z
    .record(z.string(), patterns)
    .default({})
    .describe('The same for single sources, in place of `pattern`.'),
};

const event = z.strictObject({
  ...told,
  aliases: z.array(metric).default([]).describe('Further names that its metrics are told under.'),
  selector: z
    .enum(['first', 'last', 'all'])
    .default('first')
    .describe('Which occurrences in one boot count.'),
  terminal: z.boolean().default(false).describe('The measuring waits for it.'),
  place: z
    .enum(['before', 'begins', 'within'])
    .default('within')
    .describe(
      "Where it stands to the kernel's start: it precedes that boot, marks it, or follows.",
    ),
  tells: z
    .enum(['line', 'nothing'])
    .default('nothing')
    .describe("What stands in the chart's comments: the line, or nothing."),
  comment: z.string().max(200).optional().describe('What it means.'),
});

const counter = z.strictObject(told);

const source = z.strictObject({
  kind: z
    .enum(['messages', 'journal', 'kmsg', 'cloud-init', 'container', 'api'])
    .describe('How its lines are read; `api`: it has none.'),
  files: z.array(z.string().startsWith('/')).default([]).describe('Globs of its files.'),
});

const evidence = z.strictObject({
  log: z.url().describe('A public log of a real node.'),
  of: z.string().min(1).describe('What wrote it, with versions.'),
  events: z.array(metric).min(1).describe('Events and counters whose lines are in it.'),
});

const detection = z.strictObject({
  id: z.string().min(1).describe('`ID` of /etc/os-release, or one of `ID_LIKE`.'),
  version: z.string().min(1).optional().describe('`VERSION_ID`, or what it begins with.'),
});

/** What a file says of a pack. */
export const packFileSchema = z.strictObject({
  name: z
    .string()
    .regex(/^[a-z][a-z0-9-]{0,62}$/, 'expected small letters, digits and dashes')
    .describe('What it is called.'),
  title: z.string().min(1).max(80).describe('The same for people: `Amazon Linux 2`.'),
  extends: z
    .array(z.string().min(1))
    .default([])
    .describe(
      'Packs that it begins with: names of built-in ones, or paths that begin with `./`, `../` or `/`.',
    ),
  detect: z.array(detection).default([]).describe('Distributions that it is for.'),
  evidence: z
    .union([z.literal('unverified'), z.array(evidence).min(1)])
    .describe('Which real logs its lines were compared with, or `unverified`.'),
  chartsUnits: z
    .boolean()
    .default(false)
    .describe('What units of systemd do is charted too, each as an event of its own.'),
  sources: z
    .record(z.string().min(1).max(40), source)
    .default({})
    .describe(
      'Where lines come from, by the name that occurrences have: `kind`, and `files`, globs.',
    ),
  without: z
    .array(metric)
    .default([])
    .describe('Events and counters of extended packs that are left out.'),
  events: z.array(event).max(200).default([]).describe('What is looked for while a node boots.'),
  counters: z
    .array(counter)
    .max(50)
    .default([])
    .describe(
      'What is counted as long as it runs: keys as those of events, as far as they make sense.',
    ),
});

export type PackFile = z.infer<typeof packFileSchema>;
export type PackFileEntry = PackFile['events'][number] | PackFile['counters'][number];
