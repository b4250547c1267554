import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ownAttributes, readAttributes } from '../../../../build/reference/attributes.ts';
import { formattedReference, referenceFile } from '../../../../build/reference/formatted.ts';
import { metricsOf } from '../../../../build/reference/metrics.ts';

const receivers = join(import.meta.dirname, '../../../../receivers');

/** Namespaces that attributes are in; what else has a dot in the sources is none. */
const attribute =
  /['"]((?:audit-id|(?:kube_latency|k8s|network|http|container|error|service|exception|url|source|destination)\.[a-z0-9_.]+))['"]/g;

describe('docs/reference.md', () => {
  it('is what `npm run reference` writes', async () => {
    assert.equal(readFileSync(referenceFile, 'utf8'), await formattedReference());
  });

  it('tells every attribute that the sources of the receivers name, and no other', () => {
    const names = new Set(
      readdirSync(receivers, { recursive: true, encoding: 'utf8' })
        .filter((name) => name.endsWith('.ts'))
        .flatMap((name) => [...readFileSync(join(receivers, name), 'utf8').matchAll(attribute)])
        .map(([, name = '']) => name),
    );
    const metrics = new Set(
      Object.values(metricsOf).flatMap((known) => known.map(({ name }) => name)),
    );

    assert.deepEqual(
      [...names].filter((name) => !metrics.has(name)).toSorted(),
      Object.keys({ ...ownAttributes, ...readAttributes }).toSorted(),
    );
  });

  it('has metrics of every receiver that has a README', () => {
    const known = readdirSync(receivers).filter((name) =>
      readdirSync(join(receivers, name)).includes('README.md'),
    );

    assert.deepEqual(Object.keys(metricsOf).toSorted(), known.toSorted());
  });
});
