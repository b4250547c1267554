import assert from 'node:assert/strict';

import { z } from 'zod';

import { meshMetrics } from '../../../../receivers/rtt-aggregator/core/mesh-families.ts';
import {
  fetchFailures,
  ownMetrics,
} from '../../../../receivers/rtt-aggregator/core/own-families.ts';
import { configSchema } from '../../../../receivers/rtt-aggregator/schema.ts';
import { described, readmeOf, type SchemaNode } from '../../../support/readme.ts';

const readme = readmeOf('rtt-aggregator');

describe('README of the aggregator', () => {
  it('tells every key of the configuration as the schema does', () => {
    const schema = z.toJSONSchema(configSchema, { io: 'input' }) as SchemaNode;

    assert.deepEqual(readme.table(['key', 'meaning']), described(schema));
  });

  it('tells every metric with its unit, and no other', () => {
    const known = [...Object.values(meshMetrics), ...ownMetrics];

    assert.deepEqual(
      readme.table(['metric', 'unit', 'meaning']),
      known.map(({ name, unit, description }) => [`\`${name}\``, `\`${unit}\``, description]),
    );
  });

  it('tells every reason for which a tally is not had', () => {
    const told = /`error.type` is one of ([^.]*)\./.exec(readme.text.replaceAll('\n', ' '))?.[1];

    assert.equal(told, fetchFailures.map((reason) => `\`${reason}\``).join(', '));
  });
});
