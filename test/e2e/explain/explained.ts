import assert from 'node:assert/strict';
import type { Cause, Certainty } from '../../../cli/explain/cause.ts';
import { kubeLatency } from '../../support/command.ts';
import { eventually } from '../../support/eventually.ts';

interface Amount {
  readonly nanoseconds: string;
  readonly seconds: number;
  readonly share: number;
}

/** What `kube-latency explain --output json` prints, as far as the tests look at it. */
export interface ExplanationJson {
  readonly pod: { readonly name: string; readonly node: string | null };
  readonly outcome: 'ready' | 'not-ready';
  readonly startTimeUnixNano: string;
  readonly total: { readonly nanoseconds: string; readonly seconds: number };
  readonly verdict: Amount & {
    readonly cause: Cause;
    readonly subject: string;
    readonly node: string | null;
    readonly certainty: Certainty;
    readonly evidence: readonly string[];
    readonly sentence: string;
  };
  readonly causes: readonly (Amount & { readonly cause: Cause })[];
  readonly steps: readonly (Amount & { readonly component: string; readonly what: string })[];
  readonly comparison: { readonly kind: string; readonly probes?: number };
}

/** The explanation of a start once all of its trace has arrived, that is, once `whole` accepts it. */
export function explained(
  reference: string,
  whole: (explanation: ExplanationJson) => void,
): Promise<ExplanationJson> {
  return eventually(
    async () => {
      const explanation = await explainOnce(reference);
      whole(explanation);
      return explanation;
    },
    { withinMs: 45_000, everyMs: 2000 },
  );
}

async function explainOnce(reference: string): Promise<ExplanationJson> {
  const { code, stdout, stderr } = await kubeLatency(['explain', reference, '--output', 'json']);
  assert.equal(code, 0, stderr);
  return JSON.parse(stdout) as ExplanationJson;
}

/** That the right cause is blamed, for about what was caused, and that all adds up. */
export function assertBlamed(
  explanation: ExplanationJson,
  expected: { readonly cause: Cause; readonly seconds: number; readonly subject?: string },
): void {
  const { verdict, outcome } = explanation;
  const said = `${verdict.sentence} ${JSON.stringify(explanation.causes)}`;
  assert.equal(outcome, 'ready', said);
  assert.equal(verdict.cause, expected.cause, said);
  assert.ok(verdict.seconds >= 0.8 * expected.seconds, `${expected.seconds} s caused; ${said}`);
  if (expected.subject !== undefined) assert.equal(verdict.subject, expected.subject, said);
  assertAddsUp(explanation);
}

export function assertAddsUp({ total, steps, causes }: ExplanationJson): void {
  const sum = (amounts: readonly Amount[]): bigint =>
    amounts.reduce((so, { nanoseconds }) => so + BigInt(nanoseconds), 0n);
  assert.equal(sum(steps), BigInt(total.nanoseconds));
  assert.equal(sum(causes), BigInt(total.nanoseconds));
}

/** Seconds that a cause took in all. */
export function secondsOf({ causes }: ExplanationJson, cause: Cause): number {
  return causes.find((each) => each.cause === cause)?.seconds ?? 0;
}
