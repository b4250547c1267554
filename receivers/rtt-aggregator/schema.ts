import { z } from 'zod';

import { durationMs } from '../shared/duration-schema.ts';
import { networkName } from '../shared/mesh/network-name.ts';

const second = 1000;

const service = z.strictObject({
  namespace: z.string().min(1).describe('Where the Service is.'),
  name: z.string().min(1).describe('Its name.'),
  port: z
    .string()
    .min(1)
    .default('metrics')
    .describe('Name of the port at which pingers answer /tally. Default metrics.'),
});

const baseUrl = z.string().regex(/^http:\/\/[^/?#]+$/, 'expected http://HOST:PORT, without a path');

/** The configuration as a user writes it, with its defaults. */
export const configSchema = z.strictObject({
  pingers: z
    .strictObject({
      service: service
        .optional()
        .describe('The pingers behind a Service of Kubernetes, followed by a watch.'),
      nodes: z
        .boolean()
        .default(true)
        .describe(
          'Every node of the cluster is to have one, where there is a Service: a node without is silent. Default true.',
        ),
      static: z
        .array(baseUrl)
        .default([])
        .describe('Pingers that are always asked, as http://HOST:PORT of their metrics port.'),
    })
    .prefault({}),
  network: networkName,
  interval: durationMs(second, 30 * second)
    .prefault('5s')
    .describe('Each pinger is asked, and culprits are looked for, once in this time. Default 5s.'),
  timeout: durationMs(10, 30 * second)
    .prefault('3s')
    .describe(
      'A pinger that has not answered in full by then is asked again an interval later. Default 3s.',
    ),
  concurrency: z
    .int()
    .min(1)
    .max(1000)
    .default(64)
    .describe('Pingers that are asked at once, at most. Default 64.'),
  maxAnswerMiB: z
    .int()
    .min(1)
    .max(64)
    .default(4)
    .describe('A longer answer of a pinger is cut off and not counted, in MiB. Default 4.'),
  maxNodes: z
    .int()
    .min(2)
    .max(500)
    .default(200)
    .describe(
      'Pairs of nodes are kept, judged and told one by one for so many nodes at most; above, zones stand in. Default 200.',
    ),
  usualLoss: z
    .number()
    .min(1e-6)
    .max(0.1)
    .default(2e-4)
    .describe('Share of probes that is lost where nothing is at fault, at most. Default 0.0002.'),
  events: z
    .boolean()
    .default(true)
    .describe('Tell verdicts as Events of Kubernetes, where there is a Service. Default true.'),
  port: z
    .int()
    .min(0)
    .max(65_535)
    .default(9090)
    .describe('Of /metrics, /matrix, /healthz and /readyz; 0: any free one. Default 9090.'),
  shutdown: durationMs(100, 60 * second)
    .prefault('5s')
    .describe('Longest time that stopping takes. Default 5s.'),
});

export type Config = Readonly<z.infer<typeof configSchema>>;
