import assert from 'node:assert/strict';

import { z } from 'zod';

import { admissionMetrics } from '../../../operator/admission-metrics.ts';
import { leaveReasons } from '../../../operator/injection/decision.ts';
import { controllerMetrics, replicaMetrics } from '../../../operator/metrics.ts';
import { configSchema } from '../../../operator/schema.ts';
import { described, readmeAt, type SchemaNode } from '../../support/readme.ts';

const readme = readmeAt('operator');

describe('README of the operator', () => {
  it('tells every key of the configuration as the schema does', () => {
    const schema = z.toJSONSchema(configSchema, { io: 'input' }) as SchemaNode;

    assert.deepEqual(readme.table(['key', 'meaning']), described(schema));
  });

  it('tells every reason to leave a pod as it is, in their order', () => {
    assert.deepEqual(
      readme.table(['reason', 'why there is no sidecar']),
      leaveReasons.map(({ reason, meaning }) => [`\`${reason}\``, meaning]),
    );
  });

  for (const [metric, known] of [
    ['metric', replicaMetrics],
    ['metric of the leader', controllerMetrics],
    ['metric of injection', admissionMetrics],
  ] as const)
    it(`tells every ${metric} with its unit, and no other`, () => {
      assert.deepEqual(
        readme.table([metric, 'unit', 'meaning']),
        known.map(({ name, unit, description }) => [`\`${name}\``, `\`${unit}\``, description]),
      );
    });
});
