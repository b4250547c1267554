import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { bundle } from '../build/bundle.ts';
import { exportSamples, samples } from '../test/support/journal/samples.ts';
import { writeJournal } from '../test/support/journal/systemd.ts';
import { frugal } from './correlator/frugal.ts';
import { measured, type Benchmark, type Figure } from './figure.ts';
import { cost } from './prober/child-cpu.ts';

const entries = 150_000;
const runs = 5;
/** Of a process of Node that reads as fast as it can; it has 45 MB before it begins. */
const maxRssBytes = 100 * 1024 * 1024;
const unit = '_SYSTEMD_UNIT=cloud-init.service';

interface Read {
  readonly entries: number;
  readonly rssBytes: number;
  readonly cpuSeconds: number;
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
        'by processor time of whole processes, from their start to their end; journalctl writes to /dev/null; ours is bundled, with the settings of V8 that the receivers have in a cluster',
      ],
      figures: await figuresOf(await bundle('bench/journal/main.ts', folder), folder),
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function figuresOf(reader: string, folder: string): Promise<Figure[]> {
  const pairs = {
    'all fields of each entry': { way: 'fields', output: 'export', fields: [] },
    'as text': { way: 'text', output: 'short-iso-precise', fields: [] },
    'as text, of one unit of five': { way: 'text', output: 'short-iso-precise', fields: [unit] },
  };
  const rss: number[] = [];
  const figures: Figure[] = [];
  for (const [figure, { way, output, fields }] of Object.entries(pairs)) {
    const [ours, theirs]: [number[], number[]] = [[], []];
    for (let run = 0; run < runs; run++) {
      const read = await readByUs(reader, [folder, way, ...fields]);
      if (way === 'text') rss.push(read.rssBytes);
      ours.push(read.entries / read.cpuSeconds);
      theirs.push(read.entries / (await readByJournalctl(folder, output, fields)));
    }
    const peers = { journalctl: measured(theirs) };
    figures.push({ figure, unit: '{entry}/s', ours: measured(ours), peers, goal: null });
  }
  const goal = { atMost: maxRssBytes };
  return [
    ...figures,
    { figure: 'memory, as text', unit: 'By', ours: measured(rss), peers: {}, goal },
  ];
}

async function readByUs(reader: string, args: readonly string[]): Promise<Read> {
  const { cpuMs, stdout } = await cost(
    [process.execPath, ...frugal.args, reader, ...args],
    frugal.env,
  );
  return { ...(JSON.parse(stdout) as Omit<Read, 'cpuSeconds'>), cpuSeconds: cpuMs / 1000 };
}

/** Seconds of processor time. */
async function readByJournalctl(
  folder: string,
  output: string,
  fields: readonly string[],
): Promise<number> {
  const script = 'journalctl "$@" > /dev/null && echo read';
  const args = ['-D', folder, '--no-pager', '-o', output, ...fields];
  return (await cost(['sh', '-c', script, 'sh', ...args])).cpuMs / 1000;
}
