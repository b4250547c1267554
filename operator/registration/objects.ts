import type { Surroundings } from '../injection/decision.ts';
import { policyName, policySpec } from '../policy/policy.ts';
import { podWebhook, type WebhookConfigurationInput } from '../webhook/configuration.ts';

/** The kinds by which pods come to be changed, by the names of their collections. */
export const collections = {
  mutatingwebhookconfigurations: 'MutatingWebhookConfiguration',
  mutatingadmissionpolicies: 'MutatingAdmissionPolicy',
  mutatingadmissionpolicybindings: 'MutatingAdmissionPolicyBinding',
} as const;

export type CollectionName = keyof typeof collections;

export const registrationApi = 'admissionregistration.k8s.io/v1';

/** Of a collection, or of one object in it. */
export function registrationPath(collection: CollectionName, name?: string): string {
  const path = `/apis/${registrationApi}/${collection}`;
  return name === undefined ? path : `${path}/${name}`;
}

const webhookConfigurationName = 'kube-latency-network-prober';

/** An object as it is to be, of the whole cluster. */
export interface Registration {
  readonly collection: CollectionName;
  readonly name: string;
  /** Its fields but apiVersion, kind and metadata. */
  readonly fields: object;
  /** Uids of the NetworkProbers whose sidecars come by it. */
  readonly probers: readonly string[];
}

export interface RegistrationInput {
  readonly surroundings: Surroundings;
  readonly client: WebhookConfigurationInput['client'];
  /** Undefined: there is no certificate yet. */
  readonly caBundle: string | undefined;
}

/**
 * What is to be registered: a webhook while some NetworkProber needs it, and a policy for each of those that inject by one and whose image was seen
 * everywhere, which an expression cannot ask for.
 */
export function registrations(input: RegistrationInput): readonly Registration[] {
  const { surroundings, client, caBundle } = input;
  const { probers, ownNamespace, sidecar, seenImages } = surroundings;
  const byWebhook = probers.filter(({ way }) => way === 'webhook');
  const byPolicy = probers.filter(
    ({ way, spec }) => way === 'policy' && seenImages.get(spec.agentImage)?.everywhere === true,
  );
  const webhooks: readonly Registration[] =
    caBundle === undefined || byWebhook.length === 0
      ? []
      : [
          {
            collection: 'mutatingwebhookconfigurations',
            name: webhookConfigurationName,
            fields: {
              webhooks: [podWebhook({ probers: byWebhook, ownNamespace, client, caBundle })],
            },
            probers: byWebhook.map(({ uid }) => uid),
          },
        ];
  const policies = byPolicy.flatMap((prober): readonly Registration[] => {
    const name = policyName(prober);
    const spec = policySpec({ prober, probers, ownNamespace, sidecar });
    const ofIt = { name, probers: [prober.uid] };
    return [
      { ...ofIt, collection: 'mutatingadmissionpolicies', fields: { spec } },
      {
        ...ofIt,
        collection: 'mutatingadmissionpolicybindings',
        fields: { spec: { policyName: name } },
      },
    ];
  });
  return [...webhooks, ...policies];
}
