import assert from 'node:assert/strict';

import { z } from 'zod';

import { protocolMetrics } from '../../../../receivers/rtt-pinger/core/protocol-families.ts';
import { rttMetrics } from '../../../../receivers/rtt-pinger/core/rtt-families.ts';
import { failureReasons } from '../../../../receivers/rtt-pinger/core/sample.ts';
import { methodMetric, selfMetrics } from '../../../../receivers/rtt-pinger/core/self-families.ts';
import { configSchema } from '../../../../receivers/rtt-pinger/schema.ts';
import { described, readmeOf, type SchemaNode } from '../../../support/readme.ts';

const readme = readmeOf('rtt-pinger');

describe('README of the pinger', () => {
  it('tells every key of the configuration as the schema does', () => {
    const schema = z.toJSONSchema(configSchema, { io: 'input' }) as SchemaNode;

    assert.deepEqual(readme.table(['key', 'meaning']), described(schema));
  });

  it('tells every metric with its unit, and no other', () => {
    const known = [
      ...Object.values(rttMetrics),
      ...Object.values(protocolMetrics),
      ...selfMetrics,
      methodMetric,
    ];

    assert.deepEqual(
      readme.table(['metric', 'unit', 'meaning']),
      known.map(({ name, unit, description }) => [`\`${name}\``, `\`${unit}\``, description]),
    );
  });

  it('tells every reason of a failure', () => {
    const told = /`error.type` is one of ([^.]*)\./.exec(readme.text.replaceAll('\n', ' '))?.[1];

    assert.equal(told, failureReasons.map((reason) => `\`${reason}\``).join(', '));
  });
});
