import { messageOf } from '../../receivers/shared/errors.ts';
import type { MatrixReport } from '../../receivers/shared/mesh/matrix-report.ts';
import { readLocalCluster } from '../cluster.ts';
import type { CommandContext } from '../command.ts';
import { diagnose } from '../doctor/diagnose.ts';
import { examineCluster } from '../doctor/examine.ts';
import { hasCells } from '../rtt/matrix.ts';
import { askedSource } from '../rtt/source/asked-source.ts';
import type { ClusterReport, DoctorPart, Part } from './cluster-report.ts';
import { readAlerts } from './source/alerts.ts';
import { readBoots } from './source/boots.ts';
import { readProbes } from './source/probes.ts';

/** Where the parts of a report are read. */
export interface GatherReportOptions {
  /** How far back probes are read, milliseconds. */
  readonly since: number;
  readonly backend?: URL;
  readonly prometheus?: URL;
  /** An aggregator, or a file with what one answered. */
  readonly from?: string;
  readonly kubeconfig?: string;
  readonly context?: string;
}

/** Reads all parts at once. A part that cannot be read says why; rejects only with the signal's reason. */
export async function gatherReport(
  context: CommandContext,
  options: GatherReportOptions,
): Promise<ClusterReport> {
  const atMs = Date.now();
  const { signal, env } = context;
  const backend = options.backend ?? (await readLocalCluster(env).then(viewerOf, () => undefined));
  const [probes, mesh, boots, alerts, doctor] = await Promise.all([
    backend === undefined
      ? noBackend
      : told(signal, () => readProbes(backend, { sinceMs: options.since, nowMs: atMs }, signal)),
    told(signal, () => readMesh(context, options)),
    backend === undefined ? noBackend : told(signal, () => readBoots(backend, signal)),
    options.prometheus === undefined
      ? missing('no Prometheus: --prometheus names one')
      : told(signal, () => readAlerts(options.prometheus as URL, signal)),
    told(signal, () => readDoctor(context, options)),
  ]);
  return { atMs, probes, mesh, boots, alerts, doctor };
}

const noBackend = missing('no backend: --backend names one');

function viewerOf(state: { readonly viewerUrl: string } | undefined): URL | undefined {
  return state === undefined ? undefined : new URL(state.viewerUrl);
}

async function readMesh(
  { env, signal }: CommandContext,
  { from, kubeconfig, context }: GatherReportOptions,
): Promise<Part<MatrixReport>> {
  const source = await askedSource(
    {
      namespace: 'kube-latency',
      ...(from === undefined ? {} : { from }),
      ...(kubeconfig === undefined ? {} : { kubeconfig }),
      ...(context === undefined ? {} : { context }),
    },
    env,
  );
  try {
    const read = await source.read(signal);
    if (read.kind === 'failed') return missing(read.problem);
    return hasCells(read.report)
      ? { kind: 'read', value: read.report }
      : missing('the aggregator has no round trip to tell of yet; ask again in 10 s');
  } finally {
    source.close();
  }
}

async function readDoctor(
  context: CommandContext,
  { kubeconfig, context: kubeContext, backend }: GatherReportOptions,
): Promise<Part<DoctorPart>> {
  const facts = await examineCluster(context, {
    ...(kubeconfig === undefined ? {} : { kubeconfig }),
    ...(kubeContext === undefined ? {} : { context: kubeContext }),
    ...(backend === undefined ? {} : { backend }),
  });
  const { server, version } = facts;
  const value = {
    server,
    version: version.kind === 'seen' ? version.value : null,
    findings: diagnose(facts),
  };
  return { kind: 'read', value };
}

/** A part; what it rejects with, other than the signal's reason, is told in its place. */
async function told<T>(signal: AbortSignal, read: () => Promise<Part<T>>): Promise<Part<T>> {
  try {
    return await read();
  } catch (caught) {
    signal.throwIfAborted();
    return missing(messageOf(caught));
  }
}

function missing(why: string): Part<never> {
  return { kind: 'missing', why };
}
