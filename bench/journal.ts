import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { exportSamples, samples } from '../test/support/journal/samples.ts';
import { writeJournal } from '../test/support/journal/systemd.ts';
import { measured, type Benchmark, type Figure } from './figure.ts';
import { timed } from './journal/timed.ts';

const entries = 150_000;
const runs = 5;
/** Of a process of Node that reads as fast as it can; it has 45 MB before it begins. */
const maxRssBytes = 160 * 1024 * 1024;
const unit = '_SYSTEMD_UNIT=cloud-init.service';
const main = fileURLToPath(new URL('journal/main.ts', import.meta.url));

interface Read {
  readonly entries: number;
  readonly rssBytes: number;
  readonly seconds: number;
}

interface Pair {
  readonly ours: () => Promise<Read>;
  /** Seconds that it took. */
  readonly theirs: () => Promise<number>;
}

/** How fast a journal is read, beside journalctl on the same files. */
export async function journal(): Promise<Benchmark> {
  const folder = mkdtempSync(join(tmpdir(), 'journal-bench-'));
  try {
    const exported = exportSamples(samples({ entries, bootEntries: 40_000 }));
    writeJournal(join(folder, 'node.journal'), exported, { isCompact: true, isKeyedHash: true });
    const names = readdirSync(folder).filter((name) => name.endsWith('.journal'));
    const bytes = names.reduce((sum, name) => sum + statSync(join(folder, name)).size, 0);
    return {
      name: 'journal',
      conditions: [
        `Node ${process.version}, ${cpus().length} x ${cpus()[0]?.model}; ${runs} runs each, in turn, from the page cache`,
        `${entries} entries, compact, Zstandard, ${names.length} files, ${bytes} bytes; a sixth of the entries have a compressed field`,
        'whole processes, from their start to their end; journalctl writes to /dev/null',
      ],
      figures: await figuresOf(folder),
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function figuresOf(folder: string): Promise<Figure[]> {
  const pairs = {
    'all fields of each entry': pair(folder, 'fields', 'export', []),
    'as text': pair(folder, 'text', 'short-iso-precise', []),
    'as text, of one unit of five': pair(folder, 'text', 'short-iso-precise', [unit]),
  };
  const rss: number[] = [];
  const figures: Figure[] = [];
  for (const [figure, { ours, theirs }] of Object.entries(pairs)) {
    const [our, their]: [number[], number[]] = [[], []];
    for (let run = 0; run < runs; run++) {
      const read = await ours();
      rss.push(read.rssBytes);
      our.push(read.entries / read.seconds);
      their.push(read.entries / (await theirs()));
    }
    const peers = { journalctl: measured(their) };
    figures.push({ figure, unit: '{entry}/s', ours: measured(our), peers, goal: null });
  }
  const goal = { atMost: maxRssBytes };
  return [...figures, { figure: 'memory', unit: 'By', ours: measured(rss), peers: {}, goal }];
}

function pair(folder: string, way: string, output: string, fields: readonly string[]): Pair {
  const args = ['-D', folder, '--no-pager', '-o', output, ...fields];
  return {
    ours: async () => {
      const { seconds, printed } = await timed(process.execPath, [main, folder, way, ...fields]);
      return { ...(JSON.parse(printed) as Omit<Read, 'seconds'>), seconds };
    },
    theirs: async () => (await timed('journalctl', args, false)).seconds,
  };
}
