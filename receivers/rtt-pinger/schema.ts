import { isIP } from 'node:net';

import * as z from 'zod';

import { durationMs } from '../shared/duration-schema.ts';
import { networkName } from '../shared/mesh/network-name.ts';
import { longestIntervalMs, shortestIntervalMs } from './core/peers-file.ts';
import { leastSeries } from './core/series-budget.ts';
import { protocols } from './core/target.ts';

const second = 1000;
const port = (fallback: number, what: string) =>
  z.int().min(0).max(65_535).default(fallback).describe(`${what} Default ${fallback}.`);

const staticPeer = z.strictObject({
  name: z.string().min(1).describe('Unique name; that of the node, unless pod is given.'),
  address: z
    .string()
    .refine((text) => isIP(text) !== 0, 'expected an IP address')
    .refine((text) => !text.includes('%'), 'expected an IP address without a zone such as %eth0'),
  port: z.int().min(1).max(65_535).optional().describe('Of TCP and HTTP; default: that of ports.'),
  zone: z.string().default(''),
  rack: z.string().default(''),
  namespace: z.string().default(''),
  pod: z.string().default('').describe('Name of the pod, where the peer is one.'),
});

const namespace = z.string().min(1);

const kubernetes = z.strictObject({
  nodes: z
    .boolean()
    .default(false)
    .describe('Every node, at its internal addresses. Default false.'),
  pods: z
    .array(
      z.strictObject({
        namespace: namespace.optional(),
        namespaces: z.array(namespace).optional(),
        labels: z.record(z.string(), z.string()).default({}),
        selector: z.string().min(1).optional(),
      }),
    )
    .default([])
    .describe(
      'Pods that run, by namespace (none: all) or a list of namespaces, by labels, all of which they carry, and by selector, a text as kubectl’s --selector takes it.',
    ),
  services: z
    .array(z.strictObject({ namespace, name: z.string().min(1) }))
    .default([])
    .describe('Endpoints of services that take traffic, at the first TCP port of their slices.'),
  families: z
    .enum(['both', 'first'])
    .default('both')
    .describe('Both addresses of what has IPv4 and IPv6, or the IPv4 one alone. Default both.'),
});

const peers = z.strictObject({
  kubernetes: kubernetes
    .optional()
    .describe('Peers that the API server tells, followed by watches.'),
  static: z.array(staticPeer).default([]).describe('Peers that are always there.'),
  file: z
    .string()
    .min(1)
    .optional()
    .describe(
      'JSON file with endpointsMap and pollingPeriod in nanoseconds, which then rules the interval; read again when it changes. It may come later; its folder is there (NET_PROBER_CONFIG_FILE).',
    ),
  moreFiles: z
    .array(z.string().min(1))
    .default([])
    .describe(
      'Further files of this form, with more of the same list (KUBE_LATENCY_PEERS_FILES, with commas between them).',
    ),
});

const ports = z.strictObject({
  ping: port(8080, 'Of /ping, which answers pong; 0: any free one (HTTP_PORT).'),
  metrics: port(2112, 'Of /metrics, /healthz and /readyz; 0: any free one (HTTP_PROMETHEUS_PORT).'),
  udp: port(8862, 'Of the UDP responder, here and at the peers.'),
  tcp: port(8080, 'Of probes by TCP, and by TCP instead of ICMP, at the peers.'),
  http: port(8080, 'Of probes by HTTP at the peers.'),
});

/** The configuration as a user writes it, with its defaults. */
export const configSchema = z
  .strictObject({
    nodeName: z.string().default('').describe('This node’s name in Kubernetes (K8S_NODE_NAME).'),
    podName: z.string().default('').describe('This pod’s name (K8S_POD_NAME).'),
    zone: z
      .string()
      .default('')
      .describe('This node’s zone (KUBE_LATENCY_ZONE). Default: what the API server says.'),
    rack: z
      .string()
      .default('')
      .describe('This node’s rack (KUBE_LATENCY_RACK). Default: its label mesh.rackLabel.'),
    network: networkName,
    protocols: z
      .array(z.enum(protocols))
      .min(1)
      .refine((list) => new Set(list).size === list.length, 'expected each protocol once')
      .default(['icmp'])
      .describe(
        'icmp, udp, tcp, http (KUBE_LATENCY_PROTOCOLS, with commas between them). Default [icmp], with peers.file [icmp, http].',
      ),
    interval: durationMs(shortestIntervalMs, longestIntervalMs)
      .prefault('1s')
      .describe('Each target is probed once in this time (TIME, SLEEP, in seconds). Default 1s.'),
    timeout: durationMs(1, 60 * second)
      .prefault('1s')
      .describe('A probe without an answer for longer has failed. Default 1s.'),
    jitter: z
      .number()
      .min(0)
      .max(0.5)
      .default(0.05)
      .describe('Share of the interval by which a probe leaves earlier or later. Default 0.05.'),
    late: durationMs(0.1, second)
      .prefault('2ms')
      .describe('Probes are flagged when the event loop was later than this. Default 2ms.'),
    http: z
      .strictObject({
        path: z
          .string()
          .regex(/^\/[!-~]*$/, 'expected a path that begins with /')
          .default('/ping'),
        reuse: z
          .boolean()
          .default(false)
          .describe('Keep the connection from one probe to the next. Default false.'),
      })
      .prefault({}),
    peers: peers.prefault({}),
    ports: ports.prefault({}),
    responder: z
      .boolean()
      .default(false)
      .describe('Answer UDP probes of others, also without probing by UDP. Default false.'),
    pods: z
      .boolean()
      .default(true)
      .describe(
        'Tell the pods of pairs apart in kube_latency.rtt.*; otherwise those of a node are added up. Default true.',
      ),
    mesh: z
      .strictObject({
        full: z
          .int()
          .min(1)
          .max(100_000)
          .default(200)
          .describe(
            'Up to so many targets, peers times protocols, all are probed once an interval, where budget.probesPerSecond allows; otherwise by a plan: each node is probed by as many as it probes, and its targets take turns. Default 200.',
          ),
        steady: z
          .int()
          .min(1)
          .max(100_000)
          .optional()
          .describe(
            'By the plan: nodes probed in every round. Default: 3 in 10 of the budget, so 6 at 1s.',
          ),
        sweep: z
          .int()
          .min(1)
          .max(100_000)
          .optional()
          .describe(
            'By the plan: nodes probed in a round beside these, until all had their turn. Default: 5 in 10, so 10 at 1s.',
          ),
        suspects: z
          .int()
          .min(0)
          .max(100_000)
          .optional()
          .describe(
            'By the plan: more probes a round of pairs that lost one, and of what is on the own node. Default: 2 in 10, so 4 at 1s.',
          ),
        rackLabel: z
          .string()
          .default('')
          .describe(
            'Label of nodes that names their rack; zones are told apart by rack within one’s own. Default: none.',
          ),
      })
      .prefault({}),
    budget: z
      .strictObject({
        series: z
          .int()
          .min(leastSeries)
          .max(10_000_000)
          .default(200)
          .describe(
            `Series of kube_latency.rtt.*, at most: of pairs while they fit, then of zones; at least ${leastSeries}. Default 200.`,
          ),
        probesPerSecond: z
          .number()
          .min(1)
          .max(1_000_000)
          .default(20)
          .describe(
            'Probes sent a second, at most, unless mesh.steady, sweep or suspects say otherwise. Default 20.',
          ),
      })
      .prefault({}),
    maxPairs: z
      .int()
      .min(0)
      .max(100_000)
      .default(200)
      .describe(
        'The series of the network prober and the node monitors are told for so many peers at most. Default 200.',
      ),
    shutdown: durationMs(100, 60 * second)
      .prefault('5s')
      .describe('Longest time that stopping takes. Default 5s.'),
  })
  .refine(({ timeout, interval }) => timeout <= 60 * interval, {
    path: ['timeout'],
    message: 'expected at most 60 intervals',
  });

export type Config = Readonly<z.infer<typeof configSchema>>;
