import assert from 'node:assert/strict';
import { parse } from 'yaml';
import { hostPorts, renderConfig } from '../../../kind/config.ts';

const text = `kind: Cluster
name: c
nodes:
  - role: control-plane
    labels: { a: b }
    extraMounts: [&file { hostPath: node/file, containerPath: /f, readOnly: true }]
    extraPortMappings: [{ containerPort: 31000, hostPort: 9090, listenAddress: 127.0.0.1 }]
  - role: worker
    extraMounts: [*file]
kubeadmConfigPatches: ['kind: KubeletConfiguration']
`;

interface Rendered {
  readonly nodes: readonly {
    readonly role: string;
    readonly labels?: object;
    readonly extraMounts: readonly { readonly hostPath: string }[];
    readonly extraPortMappings: readonly { readonly hostPort: number }[];
  }[];
  readonly kubeadmConfigPatches: readonly string[];
}

describe('renderConfig()', () => {
  const render = (workers: number): Rendered =>
    parse(
      renderConfig(text, { workers, folder: '/repo', hostPort: (port) => port + 1 }),
    ) as Rendered;

  it('has as many workers as are wanted, each with all that the worker has', () => {
    const { nodes } = render(3);

    assert.deepEqual(
      nodes.map(({ role }) => role),
      ['control-plane', 'worker', 'worker', 'worker'],
    );
    for (const { extraMounts } of nodes) assert.equal(extraMounts[0]?.hostPath, '/repo/node/file');
  });

  it('takes the ports that it is given', () => {
    assert.equal(render(1).nodes[0]?.extraPortMappings[0]?.hostPort, 9091);
  });

  it('keeps what it does not know', () => {
    const { nodes, kubeadmConfigPatches } = render(1);

    assert.deepEqual(nodes[0]?.labels, { a: 'b' });
    assert.deepEqual(kubeadmConfigPatches, ['kind: KubeletConfiguration']);
  });

  it('writes no aliases', () => {
    const rendered = renderConfig(text, { workers: 2, folder: '/', hostPort: Number });

    assert.ok(!/[&*]\w/.test(rendered), rendered);
  });
});

describe('hostPorts()', () => {
  it('finds the ports of this machine', () => {
    assert.deepEqual(hostPorts(text), [9090]);
  });
});
