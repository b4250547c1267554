import { celSelectsAny } from '../cel/selector.ts';
import { podConditions, type MatchCondition } from '../cel/pod-conditions.ts';
import { podLabels } from '../cel/pod.ts';
import { optInRequirements } from '../injection/opt-in.ts';
import type { InjectingProber } from '../injection/prober.ts';
import { webhookPath } from './server.ts';

const webhookName = 'mpod.bigmikes.io';

export interface WebhookConfigurationInput {
  readonly probers: readonly InjectingProber[];
  /** The operator's. */
  readonly ownNamespace: string;
  /** How the API server reaches the webhook. */
  readonly client:
    | { readonly service: { readonly namespace: string; readonly name: string } }
    | { readonly url: string };
  /** PEM, of one or more authorities. */
  readonly caBundle: string;
}

/** Where the expression of all selectors is longer, the webhook sorts the pods out alone. */
const longestExpression = 50_000;

/**
 * The webhooks of a MutatingWebhookConfiguration. One that cannot be reached, or takes its time, holds up no pod for longer than 2 s; and it is asked
 * about pods only that some NetworkProber may have.
 */
export function podWebhook(input: WebhookConfigurationInput): object {
  const { probers, ownNamespace, client, caBundle } = input;
  const reached =
    'url' in client
      ? { url: `${client.url}${webhookPath}` }
      : { service: { ...client.service, path: webhookPath, port: 443 } };
  return {
    name: webhookName,
    admissionReviewVersions: ['v1'],
    clientConfig: { ...reached, caBundle: Buffer.from(caBundle).toString('base64') },
    rules: [
      {
        apiGroups: [''],
        apiVersions: ['v1'],
        resources: ['pods'],
        operations: ['CREATE'],
        scope: 'Namespaced',
      },
    ],
    namespaceSelector: { matchExpressions: optInRequirements(ownNamespace) },
    matchConditions: [...podConditions(), ...selected(probers)],
    matchPolicy: 'Equivalent',
    failurePolicy: 'Ignore',
    timeoutSeconds: 2,
    sideEffects: 'None',
    // Once more where a later one has changed the pod: labels may have come. What is injected is left as it is.
    reinvocationPolicy: 'IfNeeded',
  };
}

function selected(probers: readonly InjectingProber[]): readonly MatchCondition[] {
  const expression = celSelectsAny(
    podLabels,
    probers.map(({ spec }) => spec.podSelector),
  );
  return expression.length > longestExpression ? [] : [{ name: 'not-no-prober', expression }];
}
