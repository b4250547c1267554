import * as z from 'zod';

import { durationMs } from '../shared/duration-schema.ts';

const second = 1000;
const hour = 3600 * second;

/** What --experiment-dimension is without a value, as in node-latency-for-k8s. */
const noExperiment = 'none';

const httpUrl = z
  .string()
  .refine(
    (text) => URL.canParse(text) && /^https?:$/.test(new URL(text).protocol),
    'expected an address starting with http:// or https://',
  );

/** The configuration as a user writes it, with its defaults. */
export const configSchema = z.strictObject({
  nodeName: z
    .string()
    .default('')
    .describe(
      'This node’s name in Kubernetes (NODE_NAME, K8S_NODE_NAME). Default: what the metadata service of EC2 tells.',
    ),
  prometheus: z
    .boolean()
    .default(false)
    .describe('Serve metrics, and go on after the boot (PROMETHEUS_METRICS). Default false.'),
  port: z
    .int()
    .min(0)
    .max(65_535)
    .default(2112)
    .describe(
      'Of /metrics, /boot, /healthz and /readyz; 0: any free one (METRICS_PORT). Default 2112.',
    ),
  otlp: z
    .strictObject({
      once: z
        .boolean()
        .default(false)
        .describe(
          'Export once, label the node `node-latency-for-k8s-exclude-pod`, and end, unless metrics are served (OTEL_METRICS). Default false.',
        ),
      endpoint: httpUrl
        .optional()
        .describe(
          'OTLP over gRPC. Default: that of the OTEL_EXPORTER_OTLP_* variables, or nothing is exported.',
        ),
    })
    .prefault({}),
  cloudwatch: z
    .boolean()
    .default(false)
    .describe(
      'Export once by OTLP, for a collector with extra/cloudwatch.yaml (CLOUDWATCH_METRICS). Default false.',
    ),
  experiment: z
    .string()
    .default(noExperiment)
    .describe(
      `Label \`experiment\` of the gauges without a prefix (EXPERIMENT_DIMENSION). Default ${noExperiment}.`,
    ),
  timeout: durationMs(0, 24 * hour)
    .prefault('10m')
    .describe(
      'Longest time until the terminal events have happened (TIMEOUT, in seconds). Default 10m.',
    ),
  retryDelay: durationMs(1, hour)
    .prefault('5s')
    .describe('Pause between two looks at what tells by itself (RETRY_DELAY). Default 5s.'),
  settle: durationMs(0, hour)
    .prefault('2s')
    .describe(
      'Once all terminal events have happened, other sources may tell for so long. Default 2s.',
    ),
  anchor: z
    .string()
    .default('')
    .describe('Metric of the event at time zero (ANCHOR). Default: the earliest event.'),
  pod: z
    .strictObject({
      namespace: z
        .string()
        .default('default')
        .describe('Of the measured pod; empty: any (POD_NAMESPACE). Default default.'),
      name: z
        .string()
        .default('')
        .describe(
          'Of the measured pod. Default: the one that was bound to the node first, but for those of DaemonSets and static ones.',
        ),
    })
    .prefault({}),
  logs: z
    .strictObject({
      enabled: z.boolean().default(true).describe('Follow the logs of the node. Default true.'),
      pack: z
        .string()
        .min(1)
        .default('auto')
        .describe(
          'What is looked for, and in which logs: auto (by /etc/os-release), the name of a pack, or the path of one’s own, which begins with ./, ../ or /. Default auto.',
        ),
      root: z
        .string()
        .regex(/^(\/.*[^/])?$/, 'expected a folder that begins with /, without one at its end')
        .default('')
        .describe(
          'What stands before every path of the node, where its folders are mounted elsewhere. Default: nothing.',
        ),
      timeZone: z
        .string()
        .default('')
        .describe(
          'Of stamps that tell none: Europe/Berlin, +02:00. Default: that of the node’s /etc/localtime, else UTC.',
        ),
    })
    .prefault({}),
  kubernetes: z
    .boolean()
    .default(true)
    .describe(
      'Ask the API server for node and pods, where it is known (NO_KUBERNETES). Default true.',
    ),
  imds: z
    .strictObject({
      enabled: z
        .boolean()
        .default(true)
        .describe('Ask the metadata service of EC2 (NO_IMDS). Default true.'),
      endpoint: httpUrl
        .default('http://169.254.169.254')
        .describe(
          'Of the metadata service; by IPv6 http://[fd00:ec2::254] (IMDS_ENDPOINT). Default http://169.254.169.254.',
        ),
      timeout: durationMs(10, 60 * second)
        .prefault('1s')
        .describe('Longest time for one answer of it. Default 1s.'),
    })
    .prefault({}),
  ec2: z
    .strictObject({
      enabled: z
        .boolean()
        .default(true)
        .describe(
          'Ask the API of EC2 for the fleet, once the metadata service told of the machine; takes some 25 MB. Default true.',
        ),
      endpoint: httpUrl.optional().describe('Of that API. Default: that of the region.'),
    })
    .prefault({}),
  cloudInit: z
    .array(z.string().min(1))
    .default(['/run/cloud-init/status.json', '/var/lib/cloud/data/status.json'])
    .describe(
      'Where cloud-init’s status may be below logs.root; empty: it is not looked for. Default [/run/cloud-init/status.json, /var/lib/cloud/data/status.json].',
    ),
  output: z
    .enum(['markdown', 'json'])
    .default('markdown')
    .describe('What is printed once the boot is measured (OUTPUT). Default markdown.'),
  comments: z
    .boolean()
    .default(true)
    .describe('Comments in the chart (NO_COMMENTS). Default true.'),
  classic: z
    .boolean()
    .default(false)
    .describe('The chart as node-latency-for-k8s prints it (CLASSIC). Default false.'),
  showUnresolved: z
    .boolean()
    .default(false)
    .describe('Below the chart, what did not happen and why. Default false.'),
  state: z
    .string()
    .default('')
    .describe('Folder that a restart finds what was measured and told in. Default: none.'),
  shutdown: durationMs(100, 60 * second)
    .prefault('5s')
    .describe('Longest time that stopping takes. Default 5s.'),
});

export type Config = Readonly<z.infer<typeof configSchema>>;
