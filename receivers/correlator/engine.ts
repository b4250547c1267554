import { createCorrelation } from './core/correlate.ts';
import { createCounts, type Counts } from './core/counts.ts';
import type { Component } from './core/evidence.ts';
import type { PhaseSpan } from './core/life-spans.ts';
import { bootOf, type NodeBoot } from './core/node-boot.ts';
import { createObserver } from './core/observed.ts';
import type { PodEvent, PodSnapshot } from './core/pod-snapshot.ts';
import { createPods } from './core/pods.ts';
import { decideTarget } from './core/target.ts';
import { createUnplaced } from './core/unplaced.ts';
import { createIntake, type IntakeOptions } from './intake.ts';
import type { Config } from './schema.ts';
import { createCopyWriter } from './wire/copy.ts';
import { encodeCopies } from './wire/encode-copies.ts';
import { encodePhaseSpans } from './wire/phase-span.ts';

/** An encoded ExportTraceServiceRequest to send. */
export interface Outgoing {
  readonly bytes: Buffer;
  readonly spans: number;
}

/** The correlator without its clock and its sockets. */
export interface Engine {
  readonly counts: Counts;
  /** Takes an encoded request; a string says why it, or a part of it, could not be read. */
  readonly receive: (request: Buffer, nowMs: number) => string | undefined;
  readonly pod: (event: PodEvent) => void;
  readonly tick: (nowMs: number) => void;
  /** Spans that take() would hand out. */
  readonly due: () => number;
  readonly take: () => readonly Outgoing[];
  /** Decides what can be decided; the rest of what is held is dropped and counted. */
  readonly finish: () => void;
}

/** Requests are sent in about this size: well below the 4 MiB that gRPC servers take by default. */
const requestBytes = 256 * 1024;

const roleOf: Readonly<Record<Component, Config['role'][number]>> = {
  kubelet: 'node',
  runtime: 'node',
  apiserver: 'control-plane',
  etcd: 'control-plane',
};

function servicesOf({ components, role }: Config): IntakeOptions['services'] {
  const pairs = Object.entries(components) as [Component, readonly string[]][];
  return new Map(
    pairs.flatMap(([component, names]) => {
      const ours = role.includes(roleOf[component]) ? component : 'other_role';
      return names.map((name) => [name, ours] as const);
    }),
  );
}

export interface EngineParts {
  readonly config: Config;
  /** Attributes of the spans that are our own. */
  readonly resource: Readonly<Record<string, string>>;
  /** All pods that matter are listed, and changes are heard of as they happen. */
  readonly watching: () => boolean;
  /** That of this node, once it is known. */
  readonly nodeBoot?: () => NodeBoot | undefined;
}

/** API servers and agents hold spans back for some seconds before they send them. */
const creationLateMs = 30_000;

/** Puts the core and the wire format together as the configuration says. */
export function createEngine({ config, resource, watching, nodeBoot }: EngineParts): Engine {
  const { times, limits, annotation, probed, foreign, observed } = config;
  const rules = { annotation, probed, foreign, observed };
  const counts = createCounts();
  const clockToleranceMs = times.clockTolerance;
  const pods = createPods({
    rules,
    clockToleranceMs,
    retentionMs: times.remember,
    maxGone: limits.pods,
  });
  const correlation = createCorrelation(
    pods,
    {
      waitMs: times.wait,
      requestWaitMs: times.requestWait,
      linkWaitMs: times.linkWait,
      settleMs: times.settle,
      rememberMs: times.remember,
      maxHeldBytes: limits.held,
      maxTraceSpans: limits.traceSpans,
      maxTraces: limits.traces,
      maxIds: limits.ids,
      afterReadyMs: times.afterReady,
      giveUpMs: times.giveUp,
      clockToleranceMs,
      events: config.events,
      watching,
      created: (uid) => phases.push(...unplaced.created(uid)),
    },
    counts,
  );
  const isObserved = (pod: PodSnapshot): boolean => decideTarget(pod, rules).kind === 'observed';
  const observing = {
    giveUpMs: times.giveUp,
    maxPods: limits.pods,
    untold: (count: number) => (counts.untoldPods += count),
  };
  const observer = createObserver({
    ...observing,
    concerns: (pod) =>
      config.role.includes('node') && pod.nodeName === config.nodeName && isObserved(pod),
    lingerMs: times.afterReady,
    bootOf: ({ status }) => bootOf(status?.scheduledMs, nodeBoot?.(), times.afterBoot),
  });
  const unplaced = createUnplaced({
    ...observing,
    concerns: (pod) => config.role.includes('control-plane') && isObserved(pod),
    creationLateMs,
  });
  const ownService = resource['service.name'] ?? 'correlator';
  const intake = createIntake(
    correlation,
    { services: servicesOf(config), ownService, maxSpanBytes: limits.span },
    counts,
  );
  const encoding = {
    targetBytes: requestBytes,
    writer: createCopyWriter(),
  };
  let phases: PhaseSpan[] = [];

  return {
    counts,
    receive: intake,
    pod: (event) => {
      correlation.pod(event);
      counts.pods = pods.size();
      phases.push(...observer.pod(event), ...unplaced.pod(event));
    },
    tick: (nowMs) => {
      correlation.tick(nowMs);
      counts.pods = pods.size();
      phases.push(...observer.tick(nowMs), ...unplaced.tick(nowMs));
    },
    due: () => correlation.due() + phases.length,
    take: () => {
      const copies = encodeCopies(correlation.take(), encoding);
      if (phases.length === 0) return copies;
      const spans = phases;
      phases = [];
      counts.phaseSpans += spans.length;
      return [...copies, { bytes: encodePhaseSpans(spans, resource), spans: spans.length }];
    },
    finish: () => {
      correlation.finish();
      observer.finish();
    },
  };
}
