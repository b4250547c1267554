import assert from 'node:assert/strict';

import { z } from 'zod';

import { bootMetrics } from '../../../../receivers/log-tailer/boot/boot-families.ts';
import { bootTrace } from '../../../../receivers/log-tailer/boot/trace/boot-trace.ts';
import { settings } from '../../../../receivers/log-tailer/config.ts';
import { usage } from '../../../../receivers/log-tailer/flags.ts';
import { logMetrics } from '../../../../receivers/log-tailer/logs/log-families.ts';
import { configSchema } from '../../../../receivers/log-tailer/schema.ts';
import { kubernetesEvents } from '../../../../receivers/log-tailer/sources/kubernetes/events.ts';
import { bootRecord } from '../../../support/boot-record.ts';
import { described, readmeOf, type SchemaNode } from '../../../support/readme.ts';

const readme = readmeOf('log-tailer');
const negatives = new Set(['imds', 'comments', 'kubernetes']);

describe('README of the log tailer', () => {
  it('tells every key of the configuration as the schema does', () => {
    const schema = z.toJSONSchema(configSchema, { io: 'input' }) as SchemaNode;

    assert.deepEqual(readme.table(['key', 'meaning']), described(schema));
  });

  it('tells every metric with its unit, and no other', () => {
    const known = [...Object.values(bootMetrics), ...Object.values(logMetrics)];

    assert.deepEqual(
      readme.table(['metric', 'unit', 'meaning']),
      known.map(({ name, unit, description }) => [`\`${name}\``, `\`${unit}\``, description]),
    );
  });

  it('tells every flag with its variables and its key', () => {
    assert.deepEqual(
      readme.table(['flag', 'variable', 'key']),
      settings.map(({ flag = '', env, path }) => [
        `\`--${negatives.has(flag) ? 'no-' : ''}${flag}\``,
        env.map((name) => `\`${name}\``).join(', '),
        `\`${path.join('.')}\``,
      ]),
    );
  });

  it('tells every event of the API of Kubernetes', () => {
    const row = readme.table(['source', 'what it is', 'tells']).find(([name]) => name === '`K8s`');

    for (const { metric } of kubernetesEvents)
      assert.ok(row?.[2]?.includes(`\`${metric}\``), metric);
  });

  it('tells the parts of the trace', () => {
    const section = readme.text.split('## The trace')[1]?.split('##')[0] ?? '';
    const parts = (bootTrace(bootRecord())?.spans ?? []).map(
      ({ name }) => name.replace(/^node\.boot\.?/, '.').split('#', 1)[0] ?? '',
    );

    for (const part of new Set(parts.slice(1))) assert.ok(section.includes(part), part);
  });

  it('tells the exit codes that the help tells', () => {
    for (const code of ['0', '1', '2', '3']) {
      assert.match(usage, new RegExp(`with ${code}\\b`));
      assert.match(readme.text, new RegExp(`Exit codes: [^\\n]*\\b${code} |[;,] ${code} `));
    }
  });
});
