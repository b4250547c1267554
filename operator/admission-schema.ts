import * as z from 'zod';

const amounts = (cpu: string, memory: string) =>
  z.strictObject({ cpu: z.string().default(cpu), memory: z.string().default(memory) }).prefault({});

/** The part of the configuration that is about sidecars and how they come into pods. */
export const injectionSchema = z.strictObject({
  webhook: z
    .strictObject({
      port: z
        .int()
        .min(0)
        .max(65_535)
        .default(9443)
        .describe('Of the webhook for pods, over TLS; 0: any free one. Default 9443.'),
      service: z
        .string()
        .min(1)
        .default('operator-webhook')
        .describe('Service by which the API server reaches it. Default operator-webhook.'),
      address: z
        .string()
        .optional()
        .describe(
          'Of an operator outside of the cluster: where the API server reaches it, instead of by the Service, such as 127.0.0.1.',
        ),
      secret: z
        .string()
        .min(1)
        .default('operator-webhook-tls')
        .describe('Secret with its certificate. Default operator-webhook-tls.'),
      certificates: z
        .enum(['own', 'given'])
        .default('own')
        .describe(
          'own: the operator makes and replaces the Secret; given: somebody else does, as cert-manager. Default own.',
        ),
    })
    .prefault({}),
  runAsUser: z
    .int()
    .min(1)
    .nullable()
    .default(65_532)
    .describe(
      'User of sidecars; null: whichever the cluster or the image gives, as OpenShift wants it. Default 65532.',
    ),
  requests: amounts('10m', '64Mi').describe(
    'What a sidecar requests; in a pod of QoS class Guaranteed it requests its limits. Default 10m, 64Mi.',
  ),
  limits: amounts('250m', '192Mi').describe('Limits of a sidecar. Default 250m, 192Mi.'),
  ownerRole: z
    .string()
    .min(1)
    .default('kube-latency-operator-injection')
    .describe(
      'ClusterRole that owns what is registered, so that nothing outlives the operator. Default kube-latency-operator-injection.',
    ),
});

export type InjectionConfig = Readonly<z.infer<typeof injectionSchema>>;
