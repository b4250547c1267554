import assert from 'node:assert/strict';

import { findGateway } from '../../../../cli/view/find-gateway.ts';
import { createKubeClient } from '../../../../receivers/shared/kubernetes/client.ts';
import { createWallClock, processClocks } from '../../../../receivers/shared/wall-clock.ts';
import { startFakeApiServer } from '../../receivers/shared/kubernetes/fake-api-server.ts';

const limits = { timeoutMs: 5000, signal: new AbortController().signal };

function pod(name: string, ready: boolean, changes: { leaves?: boolean; viewer?: boolean } = {}) {
  const { leaves = false, viewer = true } = changes;
  const container = viewer ? 'viewer' : 'collector';
  return {
    metadata: { name, ...(leaves ? { deletionTimestamp: '2026-01-01T00:00:00Z' } : {}) },
    spec: { containers: [{ name: container }] },
    status: { containerStatuses: [{ name: container, ready }] },
  };
}

async function found(status: number, body: object) {
  const api = await startFakeApiServer((_, response) =>
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body)),
  );
  const client = createKubeClient(api.connection, createWallClock(processClocks), 'test');
  try {
    const pods = await findGateway(client, 'kube-latency', limits);
    const [asked] = api.taken;
    assert.equal(asked?.url.pathname, '/api/v1/namespaces/kube-latency/pods');
    assert.equal(asked.url.searchParams.get('labelSelector'), 'app.kubernetes.io/name=gateway');
    return pods;
  } finally {
    client.close();
    api.stop();
  }
}

describe('findGateway()', () => {
  it('is the pod whose viewer is ready and which stays', async () => {
    const items = [pod('old', true, { leaves: true }), pod('slow', false), pod('good', true)];

    assert.deepEqual(await found(200, { items }), { kind: 'pod', name: 'good' });
  });

  for (const [what, status, body, problem] of [
    ['no pod', 200, { items: [] }, /no pod with the label/],
    ['no viewer', 200, { items: [pod('a', true, { viewer: false })] }, /has no container 'viewer'/],
    ['no viewer that runs yet', 200, { items: [pod('a', false)] }, /does not run yet/],
    [
      'no right to look',
      403,
      { kind: 'Status', message: 'pods is forbidden' },
      /pods is forbidden/,
    ],
  ] as const)
    it(`says that there is ${what}`, async () => {
      const none = await found(status, body);

      assert.equal(none.kind, 'none');
      assert.match(none.problem, problem);
    });
});
