import { z } from 'zod';
import { startDeadline } from '../../../receivers/shared/deadline.ts';
import { messageOf, toError } from '../../../receivers/shared/errors.ts';
import { readBody } from '../../read-body.ts';
import type { Alert, Part } from '../cluster-report.ts';

const withinMs = 10_000;
const maxAnswerBytes = 16 * 1024 * 1024;

const answerSchema = z.object({
  status: z.literal('success'),
  data: z.object({
    alerts: z.array(
      z.object({
        labels: z.record(z.string(), z.string()),
        annotations: z.record(z.string(), z.string()).default({}),
        state: z.enum(['firing', 'pending']),
        activeAt: z.string(),
      }),
    ),
  }),
});

/** Alerts that fire or are about to, those that fire first, from a Prometheus at this address. Rejects only with the signal's reason. */
export async function readAlerts(
  prometheus: URL,
  signal: AbortSignal,
): Promise<Part<readonly Alert[]>> {
  const base = prometheus.href.endsWith('/') ? prometheus : new URL(`${prometheus.href}/`);
  const url = new URL('api/v1/alerts', base);
  const asked = `reading alerts from ${url.href}`;
  const deadline = startDeadline(withinMs, signal);
  try {
    const response = await fetch(url, { signal: deadline.signal });
    if (!response.ok) {
      await response.body?.cancel();
      return missing(`${asked}: expected HTTP status 200, got ${response.status}`);
    }
    const parsed = answerSchema.safeParse(JSON.parse(await readBody(response, maxAnswerBytes)));
    if (!parsed.success)
      return missing(`${asked}: expected the alerts of a Prometheus, got others`);
    return { kind: 'read', value: sorted(parsed.data.data.alerts.map(alertOf)) };
  } catch (caught) {
    signal.throwIfAborted();
    const error = toError(caught);
    return missing(
      deadline.expired()
        ? `${asked}: no answer within ${withinMs / 1000} s`
        : `${asked}: ${messageOf(error.cause ?? error)}`,
    );
  } finally {
    deadline.clear();
  }
}

type Told = z.infer<typeof answerSchema>['data']['alerts'][number];

function alertOf({ labels, annotations, state, activeAt }: Told): Alert {
  const { alertname = 'without a name', ...others } = labels;
  const summary = annotations['summary'] ?? annotations['description'] ?? '';
  return { name: alertname, state, summary, activeAt, labels: others };
}

function sorted(alerts: readonly Alert[]): Alert[] {
  return alerts.toSorted(
    (a, b) => a.state.localeCompare(b.state) || a.activeAt.localeCompare(b.activeAt),
  );
}

function missing(why: string): Part<never> {
  return { kind: 'missing', why };
}
