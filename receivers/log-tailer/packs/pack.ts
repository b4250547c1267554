import type { EventDefinition } from '../core/event.ts';

/** What a source is, and with that how its lines are read. */
export type SourceKind = 'messages' | 'journal' | 'kmsg' | 'cloud-init' | 'container' | 'api';

export interface PackSource {
  /** As occurrences name it: `Messages`, `Journal`, `aws-node`. */
  readonly name: string;
  readonly kind: SourceKind;
  /** Globs; none for `api`, and for what is no file. */
  readonly files: readonly string[];
}

/** What a pattern is looked for in, and what is told then. */
export interface PackPattern {
  readonly source: string;
  /** In RE2's syntax; `{podNamespace}` stands for a namespace. */
  readonly pattern: string;
}

export interface PackEvent extends EventDefinition {
  readonly patterns: readonly PackPattern[];
  /** What an occurrence has as its comment: the line that told of it, or nothing. */
  readonly tells: 'line' | 'nothing';
}

/** What is counted as long as the node runs. */
export interface PackCounter {
  readonly name: string;
  /** Unique among counters: `kubelet_restarts`. */
  readonly metric: string;
  readonly patterns: readonly PackPattern[];
}

/** A log of a real node that says what a pack's patterns expect. */
export interface Evidence {
  /** Where anybody can read it. */
  readonly log: string;
  /** What wrote it: `containerd 1.7.28, kubelet 1.33.5`. */
  readonly of: string;
  /** Metrics of events and counters whose lines are in it. */
  readonly events: readonly string[];
}

/** Where a distribution says what it is: keys of /etc/os-release. */
export interface Detection {
  /** `ID`, or one of `ID_LIKE`. */
  readonly id: string;
  /** `VERSION_ID`, or what it begins with before a point; undefined: any. */
  readonly version: string | undefined;
}

/** What tells on one distribution what happens on a node. */
export interface Pack {
  /** `al2023`. */
  readonly name: string;
  /** For people: `Amazon Linux 2023`. */
  readonly title: string;
  readonly detect: readonly Detection[];
  readonly evidence: readonly Evidence[];
  /** What units of systemd do is charted too, each as an event of its own. */
  readonly chartsUnits: boolean;
  readonly sources: readonly PackSource[];
  readonly events: readonly PackEvent[];
  readonly counters: readonly PackCounter[];
}
