import type { Pack, PackPattern, PackSource } from '../packs/pack.ts';
import { compilePattern, needsExpression, type PatternOptions } from './pattern.ts';
import type { Rule, Telling, TextSource } from './text-source.ts';

/** A pattern that cannot be looked for. */
export interface PatternProblem {
  readonly metric: string;
  readonly source: string;
  readonly pattern: string;
  readonly problem: string;
}

export interface CompiledPack {
  /** Its sources that have lines. */
  readonly sources: readonly TextSource[];
  readonly problems: readonly PatternProblem[];
}

/** `systemd[1]: Starting containerd.service - ...`: one of a user's session has another number. */
const unitPattern =
  'systemd(\\[1\\])?: (Starting|Started|Finished|Reached target|Failed to start) ';
const zonePattern = "systemd-timedated.*: Changed time zone to '";

/** Makes a pack ready for a scan. `podNamespace` is what `{podNamespace}` stands for in its patterns. */
export async function compilePack(pack: Pack, podNamespace: string): Promise<CompiledPack> {
  const expression = await expressionFor(pack);
  const problems: PatternProblem[] = [];
  const sources = pack.sources.flatMap((source): readonly TextSource[] => {
    if (source.kind === 'api') return [];
    const own = (
      patterns: readonly PackPattern[],
      telling: Telling & { readonly metric: string },
    ) =>
      patterns.flatMap((each) => {
        if (each.source !== source.name) return [];
        const text = each.pattern.replaceAll('{podNamespace}', quoted(podNamespace));
        const compiled = compilePattern(text, { inJson: source.kind === 'container', expression });
        if (compiled.kind === 'ok') return [{ telling, pattern: compiled.pattern }];
        problems.push({ metric: telling.metric, ...each, problem: compiled.problem });
        return [];
      });
    const events = pack.events.flatMap(({ metric, tells, patterns }) =>
      own(patterns, { kind: 'event', metric, tellsLine: tells === 'line' }),
    );
    const counters = pack.counters.flatMap(({ metric, patterns }) =>
      own(patterns, { kind: 'counter', metric }),
    );
    return [
      {
        name: source.name,
        form: source.kind === 'container' ? 'container' : 'system',
        rules: [...events, ...counters, ...systemRules(source)],
      },
    ];
  });
  return { sources, problems };
}

function systemRules({ kind }: PackSource): readonly Rule[] {
  if (kind !== 'messages' && kind !== 'journal') return [];
  const rules = [
    { telling: { kind: 'unit' }, text: unitPattern },
    { telling: { kind: 'zone' }, text: zonePattern },
  ] as const;
  return rules.flatMap(({ telling, text }) => {
    const compiled = compilePattern(text, { inJson: false, expression: unloaded });
    return compiled.kind === 'ok' ? [{ telling, pattern: compiled.pattern }] : [];
  });
}

/** The engine for expressions takes 5 MB, and more with each: it is loaded where a pattern needs it. */
async function expressionFor(pack: Pack): Promise<PatternOptions['expression']> {
  const patterns = [...pack.events, ...pack.counters].flatMap((each) => each.patterns);
  if (!patterns.some(({ pattern }) => needsExpression(pattern))) return unloaded;
  return (await import('./expression.ts')).expression;
}

function unloaded(pattern: string): never {
  throw new Error(`expected a pattern that needs no engine, got ${pattern}`);
}

function quoted(text: string): string {
  return text.replaceAll(/[\\.+*?()|[\]{}^$]/g, String.raw`\$&`);
}
