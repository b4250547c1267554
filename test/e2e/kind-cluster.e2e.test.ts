import assert from 'node:assert/strict';
import { get } from 'node:https';
import type { Trace } from '../../cli/trace/model.ts';
import { expectedSenders, senderKey } from '../../local/cluster/arrivals.ts';
import { cluster, kubectl, program } from '../support/cluster.ts';
import { kubeLatency, start } from '../support/command.ts';
import { eventually } from '../support/eventually.ts';
import { only, probe, spanOf, traceOnce } from '../support/probe-report.ts';
import { readSpans } from '../support/spans-file.ts';

const overlay = ['--on', 'kind', '--overlay', 'test/e2e/kind'];

describe('the cluster of kind/cluster.yaml', function () {
  this.timeout(120_000);

  it('has the overlay of users in it, but for the names of images', async () => {
    const rendered = async (folder: string): Promise<string[]> => {
      const { code, stdout, stderr } = await start(program('kubectl'), ['kustomize', folder])
        .finished;
      assert.equal(code, 0, stderr);
      return stdout.split('\n');
    };
    const users = await rendered('manifests/overlays/kind');
    const ours = await rendered('test/e2e/kind');

    assert.equal(users.length, ours.length);
    const differing = ours.filter((line, index) => line !== users[index]);
    assert.deepEqual(
      differing.map((line) => line.trim()),
      ['jaeger', 'prometheus'].map((name) => `image: localhost/kube-latency/${name}:0.1.0`),
    );
  });

  it('traces in every component of every node', async () => {
    const { nodes, spansFile } = await cluster();
    const spans = await readSpans(spansFile);
    const heard = new Set(
      spans.map(({ resource }) =>
        senderKey(String(resource['service.name']), String(resource['k8s.node.name'])),
      ),
    );

    assert.equal(nodes.length, 3);
    for (const { service, node } of expectedSenders(nodes))
      assert.ok(heard.has(senderKey(service, node.name)), senderKey(service, node.name));
  });

  it('gives one trace of one pod with spans of all components, read back from Jaeger', async () => {
    const { finished, report } = await probe([]);
    assert.equal(finished.code, 0, finished.stderr);
    const { traceId, uid } = only(report);
    const services = ['pod-prober', 'apiserver', 'etcd', 'kubelet', 'containerd'];

    const trace = await traceOnce(traceId, (read) => {
      spanOf(read, 'pod-prober', 'prober.main');
      for (const service of services)
        assert.ok(
          read.spans.some((span) => span.service === service),
          service,
        );
      assert.ok(read.spans.some(({ name }) => name === 'syncTerminatedPod'));
    });

    const roots = trace.spans.filter(({ parentSpanId }) => parentSpanId === null);
    assert.deepEqual(
      roots.map(({ name }) => name),
      ['prober.main'],
    );
    const sync = trace.spans.find(({ name }) => name === 'syncPod');
    assert.equal(sync?.attributes['k8s.pod.uid'], uid);
    const last = await kubeLatency(['trace', 'last', '--output', 'json']);
    assert.equal((JSON.parse(last.stdout) as Trace).traceId, traceId);
  });

  it('has the phases as metrics, with exemplars that name a trace, in Prometheus', async () => {
    const { pages = [] } = await cluster();
    const prometheus = pages.find(({ name }) => name === 'prometheus')?.url ?? '';
    const ca = await kubectl([
      '--namespace=kube-latency',
      'get',
      'secret',
      'backend-tls',
      '--output=jsonpath={.data.ca\\.crt}',
    ]);
    const ask = (path: string): Promise<string> =>
      body(`${prometheus}/api/v1/${path}`, Buffer.from(ca, 'base64'));
    const name = 'traces_span_metrics_duration_seconds_bucket';

    await eventually(
      async () => {
        assert.match(await ask(`query?query=${name}`), /"span_name":"prober\.create-pod"/);
        assert.match(
          await ask(`query_exemplars?query=${name}&start=${seconds(-600)}&end=${seconds(60)}`),
          /"trace_id":"[0-9a-f]{32}"/,
        );
        assert.match(await ask('rules'), /"state":"inactive"/);
      },
      { withinMs: 60_000, everyMs: 2000 },
    );
  });

  it('is well, as status says', async () => {
    const { code, stdout } = await kubeLatency(['status', '--output', 'json']);

    assert.equal(code, 0, stdout);
    const { on, components } = JSON.parse(stdout) as { on: string; components: { name: string }[] };
    assert.equal(on, 'kind');
    for (const part of ['agent', 'rtt-pinger'])
      assert.ok(
        components.some(({ name }) => name === `${part} on kube-latency-worker2`),
        part,
      );
  });

  it('is left as it is by a second up', async () => {
    const before = await podUids();
    const { code, stdout, stderr } = await kubeLatency(['up', ...overlay]);

    assert.equal(code, 0, stderr);
    assert.match(stdout, /jaeger +http:\/\/127\.0\.0\.1:\d+/);
    assert.deepEqual(await podUids(), before);
  });

  it('is not made smaller by an up that asks for that', async () => {
    const { code, stderr } = await kubeLatency(['up', ...overlay, '--nodes', '1']);

    assert.equal(code, 2);
    assert.match(stderr, /with 2 workers runs, 1 were asked for/);
  });

  it('traces as it should, as doctor says', async () => {
    const { kubeconfig } = await cluster();
    const { stdout, stderr } = await kubeLatency([
      'doctor',
      '-o',
      'json',
      '--kubeconfig',
      kubeconfig,
    ]);
    const { findings } = JSON.parse(stdout) as {
      findings: { component: string; check: string; level: string; found: string }[];
    };

    assert.deepEqual(
      findings.filter(({ level }) => level === 'problem'),
      [],
      stderr,
    );
    const tracing = findings.filter(({ check, level }) => check === 'tracing' && level === 'ok');
    assert.ok(tracing.length > 0, stdout);
  });
});

function seconds(fromNow: number): number {
  return Date.now() / 1000 + fromNow;
}

/** Body of an answer over TLS, of a server that is known by the name of its Service. */
function body(url: string, ca: Buffer): Promise<string> {
  return new Promise((resolve, reject) => {
    get(url, { ca, servername: 'prometheus.kube-latency.svc' }, (answer) => {
      let text = '';
      answer.setEncoding('utf8').on('data', (part: string) => (text += part));
      answer.once('end', () => resolve(text));
    }).once('error', reject);
  });
}

/** Uids of the pods of the pipeline. */
async function podUids(): Promise<string[]> {
  const uids = await Promise.all(
    ['kube-latency', 'kube-latency-node'].map((namespace) =>
      kubectl([
        '--namespace',
        namespace,
        'get',
        'pods',
        '--output=jsonpath={.items[*].metadata.uid}',
      ]),
    ),
  );
  return uids.flatMap((text) => text.split(' ')).toSorted();
}
