import { mkdtemp, rm } from 'node:fs/promises';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { packKubeLatency, type PackedImage } from '../build/image/pack.ts';
import { localPaths } from '../local/paths.ts';
import { startApiServer } from './correlator/api-server.ts';
import { loadTraffic } from './correlator/traffic.ts';
import { measured, type Benchmark, type Figure } from './figure.ts';
import { emptyProgram, startToReady, type StartTimes } from './image/start-to-ready.ts';
import { unpackImage } from './image/unpack.ts';

const runs = 15;
const goalMs = 400;
const goalMB = 80;

/** Size of the kube-latency image, and how soon its heaviest receiver, the correlator, is ready from it. Needs root. */
export async function image(): Promise<Benchmark> {
  const folder = await mkdtemp(join(tmpdir(), 'kube-latency-bench-'));
  try {
    const { signal } = new AbortController();
    const { cacheDir } = localPaths(process.env);
    const packed = await packKubeLatency({ folder: join(cacheDir, 'images'), signal });
    const root = join(folder, 'root');
    const layers = await unpackImage(packed.path, packed.digest, root);
    return {
      name: 'image',
      conditions: conditions(),
      figures: [...(await sizes(packed, layers)), ...(await starts(root))],
    };
  } finally {
    await rm(folder, { recursive: true });
  }
}

function conditions(): string[] {
  return [
    `Node ${process.version}, ${cpus().length} x ${cpus()[0]?.model}, ${process.arch}`,
    'size: the layers of the archive that npm run image makes, zstd, as a registry would send them; by gzip for comparison',
    'start: the correlator in both roles, as user 65532 in a chroot of the unpacked layers; files are in the page cache',
    'ports open: from the start of the process until OTLP takes connections and /healthz answers 200',
    'ready: until /readyz answers 200, with an API server in the process of the bench that lists the pods at once',
    "peer: the image's Node, from its start to its end, with an empty program; it takes turns with ours",
    `load of the machine before: ${loadavg()[0]?.toFixed(1)} on ${cpus().length} cores`,
  ];
}

async function sizes(packed: PackedImage, layers: readonly Buffer[]): Promise<Figure[]> {
  let zipped = 0;
  for (const layer of layers) zipped += (await promisify(gzip)(layer)).length;
  const size = (figure: string, bytes: number, goal: Figure['goal']): Figure => ({
    figure,
    unit: 'MBy',
    ours: measured([bytes / 1e6]),
    peers: {},
    goal,
  });
  return [
    size('compressed size', packed.layerBytes, { atMost: goalMB }),
    size('compressed size, gzip', zipped, { atMost: goalMB }),
    size(
      'unpacked size',
      layers.reduce((total, { length }) => total + length, 0),
      null,
    ),
  ];
}

async function starts(root: string): Promise<Figure[]> {
  const api = await startApiServer(loadTraffic().pods.map((metadata) => ({ metadata })));
  const times: StartTimes[] = [];
  const empty: number[] = [];
  try {
    for (let run = 1; run <= runs; run++) {
      console.error(`start ${run} of ${runs}`);
      times.push(await startToReady(root, api.kubeconfig));
      empty.push(await emptyProgram(root));
    }
  } finally {
    api.close();
  }
  const time = (
    figure: string,
    of: (run: StartTimes) => number,
    more: Pick<Figure, 'peers' | 'goal'>,
  ): Figure => ({ figure, unit: 'ms', ours: measured(times.map(of)), ...more });
  const asked = { peers: { 'Node, no program': measured(empty) }, goal: { atMost: goalMs } };
  return [
    time('start to ports open, correlator', ({ open }) => open, asked),
    time('start to ready, correlator', ({ ready }) => ready, asked),
    time('processor time until ready, correlator', ({ cpu }) => cpu, { peers: {}, goal: null }),
  ];
}
