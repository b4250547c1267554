import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { objectPath, type Manifest } from '../../../../local/cluster/apply-manifests.ts';
import { corednsImage } from '../../../../local/cluster/image-names.ts';
import { network } from '../../../../local/plan.ts';

const folder = join(import.meta.dirname, '../../../../local/manifests');
const texts = new Map(
  readdirSync(folder).map((name) => [name, readFileSync(join(folder, name), 'utf8')]),
);

interface LocalManifest {
  metadata: { namespace?: string; labels?: Record<string, string> };
  spec: {
    clusterIP: string;
    template: { spec: { containers: { image: string; imagePullPolicy: string }[] } };
  };
}

function manifest(name: string): LocalManifest {
  return parse(texts.get(name) ?? '') as LocalManifest;
}

describe('local/manifests', () => {
  for (const [name, text] of texts) {
    it(`has ${name} say what it is for, and be of a kind that can be applied`, () => {
      assert.match(text, /^# \S/);
      assert.match(objectPath(parse(text) as Manifest), /^\/apis?\//);
    });

    it(`gives a reason for each verb in ${name}`, () => {
      const lists = text.split(/^ {4}verbs:/m).slice(1);
      const verbs = lists.flatMap((list) => list.match(/^ {6}- \w+.*$/gm) ?? []);
      assert.deepEqual(
        verbs.filter((line) => !/ # \S/.test(line)),
        [],
      );
    });
  }

  it('has the DNS where kubelets send their pods, from an image that is imported', () => {
    const service = manifest('service-kube-dns.yaml');
    const deployment = manifest('deployment-coredns.yaml');

    assert.equal(service.spec.clusterIP, network.dnsService);
    const [container] = deployment.spec.template.spec.containers;
    assert.equal(container?.image, corednsImage);
    assert.equal(container?.imagePullPolicy, 'Never');
  });
});

describe('objectPath()', () => {
  for (const [apiVersion, kind, namespace, expected] of [
    ['v1', 'Namespace', undefined, '/api/v1/namespaces/a'],
    ['v1', 'Service', 'b', '/api/v1/namespaces/b/services/a'],
    ['apps/v1', 'Deployment', 'b', '/apis/apps/v1/namespaces/b/deployments/a'],
  ] as const)
    it(`is ${expected} for a ${kind}`, () => {
      const metadata = namespace === undefined ? { name: 'a' } : { name: 'a', namespace };

      assert.equal(objectPath({ apiVersion, kind, metadata }), expected);
    });

  it('refuses a kind that is not in the table', () => {
    assert.throws(
      () => objectPath({ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'a' } }),
      /kind Pod is none of/,
    );
  });
});
