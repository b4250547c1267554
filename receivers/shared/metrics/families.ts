import type { Exemplar } from './exemplar.ts';
import type { ExponentialHistogram } from './exponential-histogram.ts';

export type Labels = Readonly<Record<string, string>>;

export interface Point<Value> {
  readonly labels: Labels;
  readonly value: Value;
  readonly exemplar?: Exemplar | undefined;
}

/** Points as they are made, so that whoever writes them may pause. Can be gone through again. */
export type Points<Value> = Iterable<Point<Value>>;

interface Named {
  /** As OpenTelemetry has it: `kube_latency.rtt.loss`. */
  readonly name: string;
  /** UCUM. */
  readonly unit: string;
  readonly description: string;
}

/** One metric with all its series, for whichever way it leaves. */
export type Family =
  | (Named & {
      readonly kind: 'histogram';
      readonly points: Points<ExponentialHistogram>;
    })
  | (Named & { readonly kind: 'counter' | 'gauge'; readonly points: Points<number> });
