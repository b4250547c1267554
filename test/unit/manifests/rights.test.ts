import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { rendered, root, type KubeObject } from './objects.ts';

interface Right {
  readonly identity: string;
  readonly where: string;
  readonly resource: string;
  readonly verb: string;
}

interface Rule {
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly resourceNames?: readonly string[];
  readonly verbs: readonly string[];
}

interface Binding extends KubeObject {
  readonly roleRef: { readonly kind: string; readonly name: string };
  readonly subjects: readonly { kind: string; name: string; namespace?: string }[];
}

const text = readFileSync(new URL('docs/rights.md', root), 'utf8');
const documented = text.split(/^## /m).slice(1).flatMap(rowsOf);

describe('docs/rights.md', () => {
  it('is the rights that the manifests grant, no more and no less', () => {
    const granted = rendered['everything']!.filter(({ kind }) => kind.endsWith('RoleBinding'));

    assert.deepEqual(
      granted
        .flatMap((binding) => rightsOf(binding as Binding, rendered['everything']!))
        .map(line)
        .toSorted(),
      documented.map(line).toSorted(),
    );
  });

  it('names every account of the manifests', () => {
    for (const { kind, metadata } of rendered['everything']!) {
      if (kind !== 'ServiceAccount') continue;
      assert.ok(text.includes(`\n## ServiceAccount ${metadata.namespace}/${metadata.name}\n`));
    }
  });

  it('gives the reasons that the roles give beside each verb', () => {
    const given = readdirSync(new URL('manifests/', root), { recursive: true, encoding: 'utf8' })
      .filter((path) => /(^|\/)(cluster-)?role-[^/]*\.yaml$/.test(path))
      .flatMap((path) => readFileSync(new URL(`manifests/${path}`, root), 'utf8').split('\n'))
      .flatMap((row) => {
        const [, verb, reason] = /^ {6}- (\w+) # (.+)$/.exec(row) ?? [];
        return verb === undefined ? [] : [`${verb}: ${reason}`];
      });

    assert.deepEqual(
      [...new Set(documented.map(({ verb, reason }) => `${verb}: ${reason}`))].toSorted(),
      [...new Set(given)].toSorted(),
    );
  });
});

/** The core group; where the mesh's aggregator finds pingers; where events are told; what the operator reads, makes, leads by and registers. */
const groups = [
  '',
  'discovery.k8s.io',
  'events.k8s.io',
  'probes.bigmikes.io',
  'apps',
  'coordination.k8s.io',
  'admissionregistration.k8s.io',
  'rbac.authorization.k8s.io',
];

describe('the roles of manifests', () => {
  it('name single resources and verbs, of groups that are needed', () => {
    for (const [name, objects] of Object.entries(rendered))
      for (const object of objects) {
        if (object.kind !== 'Role' && object.kind !== 'ClusterRole') continue;
        for (const { apiGroups, resources, verbs } of rulesOf(object)) {
          assert.ok(apiGroups.length === 1 && groups.includes(apiGroups[0] ?? '*'), name);
          assert.ok(![...resources, ...verbs].includes('*'), name);
        }
      }
  });
});

/** The rows of one identity's table. */
function rowsOf(section: string): (Right & { readonly reason: string })[] {
  const [identity = '', ...lines] = section.split('\n');
  return lines
    .filter((row) => row.startsWith('| ') && !row.startsWith('| where'))
    .filter((row) => !row.startsWith('| ---'))
    .map((row) => {
      const [, where = '', resource = '', verb = '', reason = ''] = row
        .split('|')
        .map((cell) => cell.trim());
      return { identity, where, resource, verb, reason };
    });
}

function rightsOf(binding: Binding, objects: readonly KubeObject[]): Right[] {
  const role = objects.find(
    ({ kind, metadata }) =>
      kind === binding.roleRef.kind &&
      metadata.name === binding.roleRef.name &&
      metadata.namespace === (kind === 'Role' ? binding.metadata.namespace : undefined),
  );
  assert.ok(role, binding.roleRef.name);
  const where = binding.metadata.namespace ?? 'all namespaces';
  return binding.subjects.flatMap(({ kind, name, namespace }) =>
    rulesOf(role).flatMap(({ resources, resourceNames = [], verbs }) =>
      resources.flatMap((resource) =>
        verbs.map((verb) => ({
          identity: namespace === undefined ? `${kind} ${name}` : `${kind} ${namespace}/${name}`,
          where,
          resource: [resource, ...resourceNames].join(' '),
          verb,
        })),
      ),
    ),
  );
}

function rulesOf(role: KubeObject): readonly Rule[] {
  return (role as KubeObject & { readonly rules: readonly Rule[] }).rules;
}

function line({ identity, where, resource, verb }: Right): string {
  return `${identity}: ${verb} ${resource} in ${where}`;
}
