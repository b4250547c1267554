import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  buildArguments,
  clusterPrograms,
  tools,
  type Tool,
} from '../../../../local/programs/tools.ts';

const toolsDir = join(import.meta.dirname, '../../../../local/tools');

function byName(name: string): Tool {
  const found = tools.find((tool) => tool.name === name);
  assert.ok(found, name);
  return found;
}

function goMod(module: string): string {
  return readFileSync(join(toolsDir, module, 'go.mod'), 'utf8');
}

describe('tools', () => {
  for (const tool of tools)
    it(`has ${tool.name} in a module that is pinned and lists its package`, () => {
      if (tool.package === '.') assert.ok(existsSync(join(toolsDir, tool.module, 'main.go')));
      else assert.ok(goMod(tool.module).includes(`\ntool ${tool.package}\n`));
    });

  it('has no module in local/tools that builds nothing', () => {
    assert.deepEqual(
      [...new Set(tools.map(({ module }) => module))].filter((module) => goMod(module) === ''),
      [],
    );
  });
});

describe('clusterPrograms', () => {
  it('leaves out what only benches and builds need', () => {
    assert.ok(clusterPrograms.includes('otelcol-kube-latency'));
    for (const other of [
      'kwok',
      'prometheus',
      'jaeger',
      'loki',
      'kind',
      'kind-render',
      'builder',
    ] as const)
      assert.ok(!clusterPrograms.includes(other), other);
  });
});

describe('buildArguments()', () => {
  it('stamps Kubernetes programs with the version that go.mod requires', () => {
    const mod = 'require (\n\tk8s.io/kubernetes v1.37.2 // indirect\n)\n';

    const args = buildArguments(byName('kubelet'), mod, '/out/kubelet');

    const at = 'k8s.io/component-base/version';
    assert.deepEqual(args, [
      'build',
      '-buildvcs=false',
      '-ldflags',
      `-s -w -X ${at}.gitVersion=v1.37.2 -X ${at}.gitMajor=1 -X ${at}.gitMinor=37 -X ${at}.gitTreeState=clean`,
      '-o',
      '/out/kubelet',
      'k8s.io/kubernetes/cmd/kubelet',
    ]);
  });

  it('finds a version in the real go.mod', () => {
    const ldflags = buildArguments(byName('kubectl'), goMod('kubernetes'), 'kubectl')[3];

    assert.match(ldflags ?? '', /gitVersion=v1\.\d+\.\d+ /);
  });

  it('builds runc with seccomp', () => {
    assert.deepEqual(buildArguments(byName('runc'), '', 'runc').slice(2, 4), ['-tags', 'seccomp']);
  });

  it('throws where the version is missing', () => {
    assert.throws(
      () => buildArguments(byName('kubelet'), 'module x\n', 'kubelet'),
      /requires no k8s.io/,
    );
  });
});
