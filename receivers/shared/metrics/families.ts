import type { ExponentialHistogram } from './exponential-histogram.ts';

export type Labels = Readonly<Record<string, string>>;

export interface Point<Value> {
  readonly labels: Labels;
  readonly value: Value;
}

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
      readonly points: readonly Point<ExponentialHistogram>[];
    })
  | (Named & { readonly kind: 'counter' | 'gauge'; readonly points: readonly Point<number>[] });
