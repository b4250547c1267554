import assert from 'node:assert/strict';
import { eventually } from '../support/eventually.ts';
import { readSpans, type FileSpan } from '../support/spans-file.ts';
import { combinations, load, readText } from '../unit/collector-config/load.ts';
import { patchedConfig } from './collector-config/operator-patch.ts';
import { prepareCollectors, type Collectors } from './collector-config/collectors.ts';
import {
  joinedSpans,
  podSpans,
  sendJoined,
  sendSpans,
  sentSpans,
} from './collector-config/polling-spans.ts';

describe('collector-config', function () {
  this.timeout(60_000);
  let collectors: Collectors;

  beforeEach(async () => {
    collectors = await prepareCollectors();
  });

  afterEach(() => collectors.remove());

  for (const files of combinations) {
    it(`passes otelcol validate with ${files.join(' + ')}`, async () => {
      const { code, stderr } = await collectors.validate(files).finished;

      assert.equal(code, 0, stderr);
    });
  }

  for (const [command, files] of shownCommands()) {
    it(`passes otelcol validate as README.md shows it: ${command}`, async () => {
      const { code, stderr } = await collectors.validate(files).finished;

      assert.equal(code, 0, stderr);
    });
  }

  for (const layer of ['span-metrics', 'jaeger-monitor', 'service-graph'])
    it(`passes otelcol validate with features/${layer}.yaml over a collector of one’s own`, async () => {
      const files = await collectors.write([JSON.stringify(own), blockWith('forward/traces')]);

      const { code, stderr } = await collectors.validate([...files, `features/${layer}.yaml`])
        .finished;

      assert.equal(code, 0, stderr);
    });

  for (const [layer, pipeline] of [
    ['kubelet-stats', 'metrics/kubelet-stats'],
    ['kubernetes-events', 'logs/events'],
  ] as const)
    it(`passes otelcol validate with features/${layer}.yaml and the layer over it that README.md shows, in a collector of one’s own`, async () => {
      const [mine = '', over = ''] = await collectors.write([
        JSON.stringify(own),
        blockWith(`${pipeline}:`),
      ]);
      const files = [mine, `features/${layer}.yaml`, over];

      const { code, stderr } = await collectors.validate(files).finished;

      assert.equal(code, 0, stderr);
      const bare = await collectors.validate(files.slice(0, 2)).finished;
      assert.notEqual(bare.code, 0, 'it would do without the layer that README.md shows');
    });

  for (const files of combinations.filter(({ length }) => length === 2)) {
    it(`merges in an OpenTelemetryCollector, as kustomize patches it: ${files.join(' + ')}`, async () => {
      assert.deepEqual(await patchedConfig(files), load(files));
    });
  }

  it('carries what is about a pod, with the node and the cluster it came from', async () => {
    await collectors.startGateway();
    await collectors.startAgent();

    await sendSpans(collectors.agentUrl);

    const spans = await arrived(podSpans.length);
    assert.deepEqual(spans.map(({ name }) => name).toSorted(), podSpans.toSorted());
    for (const { name, resource, parentSpanId } of spans) {
      const node = name.endsWith('/RunPodSandbox') ? 'node-of-the-sender' : 'node-of-the-test';
      assert.equal(resource['k8s.node.name'], node, name);
      assert.equal(resource['k8s.cluster.name'], 'cluster-of-the-test', name);
      assert.equal(parentSpanId === '', name === 'syncPod', name);
    }
  });

  it('carries polling too with features/no-noise-filter.yaml', async () => {
    await collectors.startGateway();
    await collectors.startAgent(['features/no-noise-filter.yaml']);

    await sendSpans(collectors.agentUrl);

    const spans = await arrived(sentSpans);
    assert.equal(spans.filter(({ parentSpanId }) => parentSpanId === '').length, 3);
  });

  it('keeps joined traces alone with features/stitched-only.yaml', async () => {
    await collectors.startGateway(['features/stitched-only.yaml']);
    await collectors.startAgent();

    await sendSpans(collectors.agentUrl);
    await sendJoined(collectors.agentUrl);

    const spans = await arrived(joinedSpans.length);
    assert.deepEqual(spans.map(({ name }) => name).toSorted(), joinedSpans.toSorted());
  });

  it('gives a sender its answer while the correlator hangs, and keeps each span once', async () => {
    await collectors.startGateway();
    const silent = await collectors.startSilentCorrelator();
    const agent = await collectors.startAgent();

    await sendSpans(collectors.agentUrl);

    await arrived(podSpans.length);
    assert.ok(silent.connections() > 0, 'nobody asked the correlator');
    assert.doesNotMatch(agent.stderr(), /refused|queue is full/);
  });

  it('keeps spans while the gateway is away and the agent is killed', async () => {
    const first = await collectors.startAgent();
    await sendSpans(collectors.agentUrl);
    first.child.kill('SIGKILL');
    await first.finished;

    await collectors.startAgent();
    await collectors.startGateway();

    await arrived(podSpans.length);
  });

  it('lets no agent in without a certificate of its authority', async () => {
    await collectors.startGateway();
    const stranger = await collectors.startAgent([], { stranger: true });

    await sendSpans(collectors.agentUrl);

    await eventually(() =>
      assert.match(stranger.stderr(), /tls: (unknown certificate|bad certificate)/),
    );
    assert.deepEqual(await readSpans(collectors.spansFile), []);
  });

  /** The spans in the file, once there are so many; more would be a failure. */
  function arrived(count: number): Promise<FileSpan[]> {
    return eventually(async () => {
      const spans = await readSpans(collectors.spansFile);
      assert.equal(spans.length, count);
      return spans;
    });
  }
});

/** What stands in README.md as a block of a language. */
/** A collector of somebody else's. */
const own = {
  receivers: { otlp: { protocols: { grpc: {} } } },
  exporters: { 'otlp_http/mine': { endpoint: 'http://127.0.0.1:1' } },
  service: { pipelines: { logs: { receivers: ['otlp'], exporters: ['otlp_http/mine'] } } },
};

/** What README.md lays over or under a layer in such a one. */
function blockWith(text: string): string {
  const [found, ...others] = shownBlocks('yaml').filter(
    (block) => block.includes('otlp_http/mine') && block.includes(text),
  );
  assert.ok(found !== undefined && others.length === 0, text);
  return found;
}

function shownBlocks(language: string): string[] {
  return [...readText('README.md').matchAll(/^```(\w+)\n(.*?)^```$/gms)]
    .filter(([, of]) => of === language)
    .map(([, , text = '']) => text);
}

/** Commands of README.md that start a collector, and the files that they give it. */
function shownCommands(): [string, string[]][] {
  const commands = shownBlocks('sh')
    .flatMap((text) => text.split('\n'))
    .filter((line) => line.startsWith('otelcol ') && !line.includes('mine.yaml'))
    .map((line) => line.replace(/ *#.*/, ''));
  assert.ok(commands.length > 3);
  return commands.map((line) => [
    line,
    [...line.matchAll(/--config (\S+)/g)].map(([, file = '']) => file),
  ]);
}
