import { z } from 'zod';

import { durationMs } from '../receivers/shared/duration-schema.ts';
import { injectionSchema } from './admission-schema.ts';

const second = 1000;

/** The configuration as a user writes it, with its defaults. */
export const configSchema = z.strictObject({
  namespace: z
    .string()
    .min(1)
    .default('kube-latency')
    .describe('The operator’s own (K8S_NAMESPACE_NAME). Default kube-latency.'),
  leaderElection: z
    .boolean()
    .default(true)
    .describe(
      'One of several replicas writes, by a Lease in the own namespace; otherwise this one does. Default true.',
    ),
  lists: z
    .strictObject({
      every: durationMs(100, 600 * second)
        .prefault('2s')
        .describe('Each list of peers is written once in this time, at most. Default 2s.'),
      writesPerSecond: z
        .number()
        .min(0.1)
        .max(1000)
        .default(20)
        .describe('Lists of peers written in a second, all together, at most. Default 20.'),
      kibPerSecond: z
        .number()
        .min(1)
        .max(102_400)
        .default(1024)
        .describe(
          'KiB of lists written in a second, at most; after a quiet time eight times as many at once. Default 1024.',
        ),
    })
    .prefault({}),
  touchesPerSecond: z
    .number()
    .min(0)
    .max(1000)
    .default(20)
    .describe(
      'Pods touched in a second, at most, so that their kubelets mount new lists at once; 0: none, which takes them 60 to 90 s. Default 20.',
    ),
  tryImages: z
    .boolean()
    .default(true)
    .describe(
      'An image is run on every node, in the own namespace, before pods get it as a sidecar. Default true.',
    ),
  injection: injectionSchema.prefault({}),
  pingerAccount: z
    .string()
    .min(1)
    .default('network-prober-pinger')
    .describe(
      'Service account of the pingers of mode daemonset, in the own namespace. Default network-prober-pinger.',
    ),
  port: z
    .int()
    .min(0)
    .max(65_535)
    .default(8080)
    .describe('Of /metrics, /healthz and /readyz; 0: any free one. Default 8080.'),
  shutdown: durationMs(100, 60 * second)
    .prefault('8s')
    .describe('Longest time that stopping takes. Default 8s.'),
});

export type Config = Readonly<z.infer<typeof configSchema>>;
