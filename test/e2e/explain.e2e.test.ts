import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import { cluster, kubectl } from '../support/cluster.ts';
import { probePod } from './explain/probe-pod.ts';
import { only, probe } from '../support/probe-report.ts';
import { busyApiServer } from './explain/busy-api-server.ts';
import { assertAddsUp, assertBlamed, explained, secondsOf } from './explain/explained.ts';
import { addImage, removeImage } from './explain/late-image.ts';
import { slowDisk } from './explain/slow-disk.ts';
import { slowNetwork, type SlowNetwork } from './explain/slow-network.ts';
import { slowWebhook } from './explain/slow-webhook.ts';
import { makeNamespace, removeNamespace, startWatchedPod } from './explain/watched-pods.ts';

const lateImage = 'localhost/kube-latency/arrives-late:1';
const networked = 'networked';
const taint = 'explain-e2e';

/** What was done to a pod's start, and how long that held it up. */
interface Slow {
  readonly reference: string;
  readonly seconds: number;
}

describe('explain, of a start that one thing makes slow,', function () {
  this.timeout(120_000);
  const undo: (() => Promise<unknown>)[] = [];
  let workers: readonly string[];
  let image: string;
  let slowReadiness: Slow;
  let slowInit: Slow;
  let slowCni: Slow;
  let missingImage: Slow;
  let noNode: Slow;

  before(async () => {
    const { nodes, probeImage } = await cluster();
    workers = nodes.filter(({ role }) => role === 'worker').map(({ name }) => name);
    image = probeImage;
    undo.push(removeNamespace);
    await makeNamespace();
    const network = await slowNetwork(worker(1), { pods: networked, seconds: 4 });
    undo.push(network.remove);
    [slowReadiness, slowInit, slowCni, missingImage, noNode] = await Promise.all([
      startUnready(5),
      startBehindInit(5),
      startOn(network, 4),
      startWithoutImage(4),
      startWithoutNode(5),
    ]);
  });

  after(async () => {
    const failed = (await Promise.allSettled(undo.toReversed().map((each) => each()))).flatMap(
      (each) => (each.status === 'rejected' ? [each.reason as unknown] : []),
    );
    assert.deepEqual(failed, []);
  });

  function worker(index: number): string {
    const name = workers[index];
    assert.ok(name !== undefined, `no worker ${index}`);
    return name;
  }

  async function startUnready(seconds: number): Promise<Slow> {
    const script = `sleep ${seconds}; touch /tmp/ready; sleep 600`;
    const readinessProbe = { exec: { command: ['test', '-e', '/tmp/ready'] }, periodSeconds: 1 };
    const containers = [{ name: 'web', script, readinessProbe }];
    return { reference: await startWatchedPod('unready', worker(1), { containers }), seconds };
  }

  async function startBehindInit(seconds: number): Promise<Slow> {
    const init = [{ name: 'migrate', script: `sleep ${seconds}` }];
    const containers = [{ name: 'web', script: 'sleep 600' }];
    const reference = await startWatchedPod('behind-init', worker(1), { init, containers });
    return { reference, seconds };
  }

  /** A pod that the plugin made wait, which the runtime is told of until it calls it. */
  async function startOn(network: SlowNetwork, seconds: number): Promise<Slow> {
    const containers = [{ name: 'web', script: 'sleep 600' }];
    for (let tries = 1; tries <= 5; tries++) {
      const name = `${networked}-${tries}`;
      const reference = await startWatchedPod(name, worker(1), { containers });
      if ((await network.slowed()).includes(name)) return { reference, seconds };
      await network.tell();
    }
    throw new Error(`the runtime of ${worker(1)} does not take the slow plugin`);
  }

  async function startWithoutImage(seconds: number): Promise<Slow> {
    const node = worker(1);
    await removeImage(node, lateImage);
    undo.push(() => removeImage(node, lateImage));
    const probing = probe(['--image', lateImage, '--node', node]);
    await probePod(({ waitingFor }) =>
      assert.match(waitingFor, /^(?:ErrImagePull|ImagePullBackOff)$/),
    );
    await delay(seconds * 1000);
    await addImage(node, image, lateImage);
    const { namespace: own, pod } = only((await probing).report);
    return { reference: `${own}/${pod}`, seconds };
  }

  async function startWithoutNode(seconds: number): Promise<Slow> {
    const node = worker(0);
    const free = (): Promise<string> => kubectl(['taint', 'node', node, `${taint}:NoSchedule-`]);
    await kubectl(['taint', 'node', node, `${taint}=held:NoSchedule`, '--overwrite']);
    undo.push(() => free().catch(() => 'was free already'));
    const probing = probe(['--node', node]);
    await probePod(({ pinnedTo }) => assert.equal(pinnedTo, node));
    await delay(seconds * 1000);
    await free();
    return { reference: only((await probing).report).traceId, seconds };
  }

  it('names the readiness of a container that needs a while', async () => {
    const { reference, seconds } = slowReadiness;

    await explained(reference, (explanation) =>
      assertBlamed(explanation, { cause: 'readiness', seconds, subject: 'web' }),
    );
  });

  it('names an init container', async () => {
    const { reference, seconds } = slowInit;

    await explained(reference, (explanation) =>
      assertBlamed(explanation, { cause: 'init-container', seconds, subject: 'migrate' }),
    );
  });

  it('names the network plugin', async () => {
    const { reference, seconds } = slowCni;

    const { verdict } = await explained(reference, (explanation) =>
      assertBlamed(explanation, { cause: 'network-plugin', seconds, subject: 'kube-latency' }),
    );
    assert.equal(verdict.node, worker(1));
    assert.equal(verdict.certainty, 'span');
  });

  it('names an image that was not there', async () => {
    const { reference, seconds } = missingImage;

    const { verdict } = await explained(reference, (explanation) =>
      assertBlamed(explanation, { cause: 'image', seconds, subject: lateImage }),
    );
    assert.match(verdict.sentence, /missing image/);
    assert.equal(verdict.node, worker(1));
  });

  it('names that no node fitted the pod', async () => {
    const { reference, seconds } = noNode;

    const { verdict } = await explained(reference, (explanation) =>
      assertBlamed(explanation, { cause: 'scheduling', seconds }),
    );
    assert.match(verdict.evidence.join(), /untolerated taint/);
  });

  it('blames none of that for seconds where nothing was slow', async () => {
    const { report } = await probe(['--node', worker(0)]);

    const explanation = await explained(only(report).traceId, (each) => {
      assert.ok(secondsOf(each, 'container-start') > 0, each.verdict.sentence);
      assert.ok(secondsOf(each, 'network-plugin') > 0, each.verdict.sentence);
    });
    assertAddsUp(explanation);
    for (const cause of [
      'readiness',
      'init-container',
      'network-plugin',
      'image',
      'scheduling',
      'api-server',
      'webhook',
      'etcd',
      'unaccounted',
    ] as const)
      assert.ok(secondsOf(explanation, cause) < 1, `${cause}: ${explanation.verdict.sentence}`);
    assert.equal(explanation.comparison.kind, 'compared');
  });

  it('names an admission webhook', async () => {
    const seconds = 3;
    const webhook = await slowWebhook('explain-e2e', { label: { app: 'probe' }, seconds });
    try {
      const { report } = await probe([]);

      await explained(only(report).traceId, (explanation) =>
        assertBlamed(explanation, { cause: 'webhook', seconds, subject: webhook.name }),
      );
    } finally {
      await webhook.remove();
    }
  });

  it('names an API server that lets requests wait', async () => {
    const busy = await busyApiServer({ seconds: 6, rounds: 2 });
    try {
      const { report } = await probe([]);

      const { verdict } = await explained(only(report).traceId, (explanation) => {
        const seconds = busy.untilSeconds - Number(explanation.startTimeUnixNano) / 1e9;
        assert.ok(seconds > 2, `only ${seconds} s of throttling were left for the probe`);
        assertBlamed(explanation, { cause: 'api-server', seconds });
      });
      assert.match(verdict.sentence, /API Priority and Fairness/);
    } finally {
      await busy.remove();
    }
  });

  it("names etcd's slow disk", async () => {
    const seconds = 1;
    const heal = await slowDisk(seconds);
    let traceId: string;
    try {
      traceId = only((await probe([])).report).traceId;
    } finally {
      await heal();
    }

    // The creation and the binding each wait for a write.
    await explained(traceId, (explanation) =>
      assertBlamed(explanation, { cause: 'etcd', seconds: 2 * seconds }),
    );
  });
});
