import { z } from 'zod';
import { usage as aggregatorUsage } from '../../receivers/rtt-aggregator/flags.ts';
import { configSchema as aggregatorSchema } from '../../receivers/rtt-aggregator/schema.ts';
import { usage as correlatorUsage } from '../../receivers/correlator/flags.ts';
import { configSchema as correlatorSchema } from '../../receivers/correlator/schema.ts';
import { usage as tailerUsage } from '../../receivers/log-tailer/flags.ts';
import { configSchema as tailerSchema } from '../../receivers/log-tailer/schema.ts';
import { usage as pingerUsage } from '../../receivers/rtt-pinger/flags.ts';
import { configSchema as pingerSchema } from '../../receivers/rtt-pinger/schema.ts';
import { ownAttributes, readAttributes } from './attributes.ts';
import { commandSections, table } from './commands.ts';
import { described, type SchemaNode } from './described.ts';
import { metricHead, metricRows, metricsOf } from './metrics.ts';
import { spanRows } from './spans.ts';

/** Receivers with a file of configuration: its schema, and their flags. The prober has options alone. */
const configured = {
  correlator: { schema: correlatorSchema, usage: correlatorUsage },
  'rtt-pinger': { schema: pingerSchema, usage: pingerUsage },
  'rtt-aggregator': { schema: aggregatorSchema, usage: aggregatorUsage },
  'log-tailer': { schema: tailerSchema, usage: tailerUsage },
} as const;

/** docs/reference.md, as Markdown that is not formatted yet. */
export function reference(): string {
  const meanings = (of: Readonly<Record<string, string>>): string[][] =>
    Object.entries(of).map(([name, meaning]) => [`\`${name}\``, meaning]);
  return `${[
    '# Reference',
    'Made from the code by `npm run reference`; a test fails where the two differ. What the words mean, and why things are as they are, is told in the README of each program.',
    '- [Commands](#commands)\n- [Configuration](#configuration)\n- [Spans](#spans)\n- [Attributes](#attributes)\n- [Metrics](#metrics)',
    '## Commands',
    'The options of `kube-latency probe` are those of the receiver pod-prober too.',
    ...commandSections('###'),
    '## Configuration',
    'A file of YAML, by `--config`; unknown keys are refused. Where telemetry goes is told by the variables of OpenTelemetry (`OTEL_EXPORTER_OTLP_ENDPOINT` and its kin).',
    ...Object.entries(configured).flatMap(([name, { schema, usage }]) => [
      `### ${name}`,
      `\`\`\`text\n${usage.trimEnd()}\n\`\`\``,
      ...table(
        ['key', 'meaning'],
        described(z.toJSONSchema(schema, { io: 'input' }) as SchemaNode),
      ),
    ]),
    '## Spans',
    ...table(['span', 'made by', 'tells'], spanRows()),
    '## Attributes',
    'Of spans, their events, metrics and resources, as the receivers give them:',
    ...table(['attribute', 'meaning'], meanings(ownAttributes)),
    'Attributes of Kubernetes’ own spans that the correlator reads to find their pod, beside those of the pod above:',
    ...table(['attribute', 'meaning'], meanings(readAttributes)),
    '## Metrics',
    'Names of OpenTelemetry, as OTLP carries them; where a program serves `/metrics` itself, also the name there. Those that the Collector makes of spans are told in [collector-config](../collector-config/README.md).',
    ...Object.keys(metricsOf).flatMap((name) => [
      `### Metrics of ${name}`,
      ...table(metricHead(name), metricRows(name)),
    ]),
  ].join('\n\n')}\n`;
}
