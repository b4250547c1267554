/** `npm run bench -- NAME [--output json]`: runs one benchmark and prints its figures; exit 1 when a goal does not hold. */
import { parseArgs } from 'node:util';
import { holds, type Benchmark } from './figure.ts';
import { toJson, toTable } from './print.ts';

const benchmarks: Readonly<Record<string, () => Promise<Benchmark>>> = {
  'admission-fuzz': async () => (await import('./admission-fuzz.ts')).admissionFuzz(),
  correlator: async () => (await import('./correlator.ts')).correlator(),
  'correlator-fuzz': async () => (await import('./correlator-fuzz.ts')).correlatorFuzz(),
  'correlator-pods': async () => (await import('./correlator-pods.ts')).correlatorPods(),
  image: async () => (await import('./image.ts')).image(),
  journal: async () => (await import('./journal.ts')).journal(),
  'journal-fuzz': async () => (await import('./journal-fuzz.ts')).journalFuzz(),
  'log-latency': async () => (await import('./log-latency.ts')).logLatency(),
  'log-scan': async () => (await import('./log-scan.ts')).logScan(),
  'log-schedules': async () => (await import('./log-schedules.ts')).logSchedules(),
  operator: async () => (await import('./operator.ts')).operator(),
  prober: async () => (await import('./prober.ts')).prober(),
  rtt: async () => (await import('./rtt.ts')).rtt(),
  'rtt-aggregate': async () => (await import('./rtt-aggregate.ts')).rttAggregate(),
  'rtt-memory': async () => (await import('./rtt-memory.ts')).rttMemory(),
  'rtt-mesh': async () => (await import('./rtt-mesh.ts')).rttMesh(),
  soak: async () => (await import('./soak.ts')).soak(),
};

process.exitCode = await main();

async function main(): Promise<number> {
  const { positionals, values } = parseArgs({
    allowPositionals: true,
    options: { output: { type: 'string', default: 'table' } },
  });
  const run = benchmarks[positionals[0] ?? ''];
  if (run === undefined || !['table', 'json'].includes(values.output)) {
    console.error(
      `usage: npm run bench -- NAME [--output table|json]; NAME is one of ${Object.keys(benchmarks).join(', ')}`,
    );
    return 2;
  }
  const result = await run();
  console.log(values.output === 'json' ? toJson(result) : toTable(result));
  return result.figures.some((figure) => holds(figure) === false) ? 1 : 0;
}
