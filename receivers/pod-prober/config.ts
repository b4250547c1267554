import { readFileSync } from 'node:fs';

import { InvalidArgumentError, Option, type Command } from 'commander';

import { parseDuration } from '../shared/duration.ts';
import { ConfigError } from '../shared/errors.ts';
import type { Transport } from './first-packet.ts';
import { phaseNames, type PhaseName } from './phases.ts';
import type { PodOptions, PodResources } from './pod-spec.ts';
import { maxListed } from './report.ts';

const defaultImage = 'registry.k8s.io/pause:3.10.1';

/** A limit that a phase's 95th percentile must not pass. */
export interface FailOver {
  readonly phase: PhaseName;
  readonly limitMs: number;
}

/** What a run of probes does; made by probeConfig. */
export interface ProbeConfig {
  /** Probes in all, or in each round with an interval. */
  readonly count: number;
  readonly concurrency: number;
  /** Null: one round, then the report. */
  readonly intervalMs: number | null;
  readonly failOver: readonly FailOver[];
  readonly timeoutMs: number;
  /** What was not delivered by the end may take so long. */
  readonly flushTimeoutMs: number;
  readonly pod: PodOptions;
  readonly firstPacket: Transport | 'none';
  readonly port: number;
  /** Undefined: that of the kubeconfig's context, else `default`. */
  readonly namespace: string | undefined;
  readonly kubeconfig: string | undefined;
  readonly context: string | undefined;
  readonly requireExport: boolean;
  /** OTLP/gRPC endpoint given by the caller; undefined: the OTEL_EXPORTER_OTLP_* variables decide. */
  readonly otlpEndpoint: string | undefined;
  readonly output: 'text' | 'json';
}

/** The values of the options as commander hands them over. */
export interface ProbeOptions {
  readonly count: number;
  readonly concurrency: number;
  readonly interval?: number;
  readonly failOver?: readonly FailOver[];
  readonly timeout: number;
  readonly flushTimeout: number;
  readonly image: string;
  readonly command?: readonly string[];
  readonly node?: string;
  readonly resources: PodResources;
  readonly namespace?: string;
  readonly kubeconfig?: string;
  readonly context?: string;
  readonly firstPacket: Transport | 'none';
  readonly port: number;
  readonly annotationKey: string;
  readonly requireExport?: boolean;
  readonly output: 'text' | 'json';
}

function integer(from: number, to: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (/^\d+$/.test(text) && value >= from && value <= to) return value;
    throw new InvalidArgumentError(`Expected a whole number from ${from} to ${to}.`);
  };
}

function duration(leastMs: number): (text: string) => number {
  return (text) => {
    const parsed = parseDuration(text);
    if (parsed.kind === 'invalid') throw new InvalidArgumentError(`E${parsed.problem.slice(1)}.`);
    if (parsed.ms >= leastMs) return parsed.ms;
    throw new InvalidArgumentError(`Expected at least ${leastMs} ms, got '${text}'.`);
  };
}

function failOver(text: string, previous: readonly FailOver[] | undefined): readonly FailOver[] {
  const [name = '', limit = ''] = text.split('=', 2);
  const phase = phaseNames.find((each) => each === name);
  if (phase === undefined) {
    throw new InvalidArgumentError(
      `Expected PHASE=DURATION with a phase of ${phaseNames.join(', ')}.`,
    );
  }
  return [...(previous ?? []), { phase, limitMs: duration(1)(limit) }];
}

const quantity = /^\d+(\.\d+)?(m|[kMGT]|[KMGT]i)?$/;

function resources(text: string): PodResources {
  const given = new Map(text.split(',').map((part) => part.split('=', 2) as [string, string]));
  const [cpu, memory] = [given.get('cpu') ?? '', given.get('memory') ?? ''];
  if (given.size === 2 && quantity.test(cpu) && quantity.test(memory)) return { cpu, memory };
  throw new InvalidArgumentError(
    'Expected cpu=QUANTITY,memory=QUANTITY such as cpu=10m,memory=16Mi.',
  );
}

function matching(pattern: RegExp, expected: string): (text: string) => string {
  return (text) => {
    if (pattern.test(text)) return text;
    throw new InvalidArgumentError(`Expected ${expected}.`);
  };
}

const dnsLabel = /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/;
const nodeName = /^[a-z0-9]([-.a-z0-9]{0,251}[a-z0-9])?$/;
const annotation = /^([a-z0-9][-.a-z0-9]{0,251}\/)?[A-Za-z0-9]([-._A-Za-z0-9]{0,61}[A-Za-z0-9])?$/;
const image = /^\S+$/;

function words(text: string): readonly string[] {
  const parts = text.split(' ').filter((each) => each !== '');
  if (parts.length > 0) return parts;
  throw new InvalidArgumentError('Expected a program and its arguments, separated by spaces.');
}

/** Every option of the prober: name, meaning, default, and the parser that names what it expected. */
export const probeOptions: readonly Option[] = [
  new Option('--count <n>', 'probes to run; with --interval: in each round')
    .default(1)
    .argParser(integer(1, maxListed)),
  new Option('--concurrency <n>', 'probes under way at once')
    .default(1)
    .argParser(integer(1, 5000)),
  new Option('--interval <duration>', 'run a round every so often until stopped').argParser(
    duration(1000),
  ),
  new Option(
    '--fail-over <phase=duration>',
    `exit 1 when a phase's p95 is longer; repeatable; phases: ${phaseNames.join(', ')}`,
  ).argParser(failOver),
  new Option('--timeout <duration>', 'budget of one probe up to its clean-up')
    .default(300_000, '5m')
    .argParser(duration(1000)),
  new Option('--flush-timeout <duration>', 'time to deliver at the end what was not yet')
    .default(5000, '5s')
    .argParser(duration(0)),
  new Option('--image <image>', "image of the probe's container")
    .default(defaultImage)
    .argParser(matching(image, 'an image reference')),
  new Option(
    '--command <words>',
    "program and arguments in the container, separated by spaces (default: the image's)",
  ).argParser(words),
  new Option('--node <host name>', 'only on the node with this kubernetes.io/hostname').argParser(
    matching(nodeName, 'a host name'),
  ),
  new Option('--resources <list>', 'requests of the container')
    .default({ cpu: '10m', memory: '16Mi' }, 'cpu=10m,memory=16Mi')
    .argParser(resources),
  new Option(
    '--namespace <name>',
    "namespace of the probe pods (default: K8S_NAMESPACE_NAME, the pod's own, the context's, default)",
  ).argParser(matching(dnsLabel, 'a namespace name')),
  new Option('--kubeconfig <file>', 'default: KUBECONFIG, ~/.kube/config, the service account'),
  new Option('--context <name>', 'context of the kubeconfig (default: its current one)'),
  new Option('--first-packet <transport>', 'how to wait for the first answered packet')
    .choices(['tcp', 'http', 'icmp', 'none'])
    .default('tcp'),
  new Option('--port <n>', 'port of the first packet; a refused TCP connection is an answer too')
    .default(8080)
    .argParser(integer(1, 65_535)),
  new Option('--annotation-key <key>', 'pod annotation that carries the trace context')
    .default('tracing.k8s.io/traceparent')
    .argParser(matching(annotation, 'an annotation key such as example.com/traceparent')),
  new Option('--require-export', 'exit 1 when telemetry could not be delivered'),
  new Option('-o, --output <format>', 'form of the report')
    .choices(['text', 'json'])
    .default('text'),
];

/** Adds every option of the prober to a command. */
export function addProbeOptions(command: Command): Command {
  for (const option of probeOptions) command.addOption(option);
  return command;
}

const namespaceFile = '/var/run/secrets/kubernetes.io/serviceaccount/namespace';

/** Namespace of the pod that this process runs in, from the mounted service account. */
export function mountedNamespace(read: (path: string) => string = readText): string | undefined {
  try {
    const text = read(namespaceFile).trim();
    return text === '' ? undefined : text;
  } catch {
    // Not in a cluster, or without a mounted service account: the caller knows other places.
    return undefined;
  }
}

function readText(path: string): string {
  return readFileSync(path, 'utf8');
}

/** Puts options, environment and defaults together. Throws a ConfigError of one line. */
export function probeConfig(options: ProbeOptions, env: NodeJS.ProcessEnv): ProbeConfig {
  const fromEnv = env['K8S_NAMESPACE_NAME']?.trim();
  if (fromEnv !== undefined && fromEnv !== '' && !dnsLabel.test(fromEnv)) {
    throw new ConfigError(`K8S_NAMESPACE_NAME: expected a namespace name, got '${fromEnv}'`);
  }
  return Object.freeze({
    count: options.count,
    concurrency: options.concurrency,
    intervalMs: options.interval ?? null,
    failOver: options.failOver ?? [],
    timeoutMs: options.timeout,
    flushTimeoutMs: options.flushTimeout,
    pod: {
      image: options.image,
      command: options.command ?? [],
      node: options.node,
      resources: options.resources,
      annotationKey: options.annotationKey,
    },
    firstPacket: options.firstPacket,
    port: options.port,
    namespace: options.namespace ?? (fromEnv === '' ? undefined : fromEnv) ?? mountedNamespace(),
    kubeconfig: options.kubeconfig,
    context: options.context,
    requireExport: options.requireExport === true,
    otlpEndpoint: undefined,
    output: options.output,
  });
}
