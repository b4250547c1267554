import assert from 'node:assert/strict';
import { explain, type Explanation } from '../../../../cli/explain/explanation.ts';
import type { Trace, TraceSpan } from '../../../../cli/trace/model.ts';
import { event, failed, made, probeTrace } from './made.ts';
import { explained } from './explained.ts';

/** Causes and their milliseconds. */
function causes({ causes: all }: Explanation): Record<string, number> {
  return Object.fromEntries(all.map(({ cause, ns }) => [cause, Number(ns) / 1e6]));
}

function lines({ steps }: Explanation): string[] {
  return steps.map(({ component, what, fromNs, toNs }) =>
    [Number(toNs - fromNs) / 1e6, component, what].filter((each) => each !== '').join(' '),
  );
}

const told = { created: 100, scheduled: 200, started: 1200, ready: 1300 };
const sync = (from: number, to: number, rest: Parameters<typeof made>[3] = {}): TraceSpan =>
  made(`sync${from}`, 'kubelet syncPod', [from, to], { parent: 'pod.start', ...rest });
const call = (
  name: string,
  [from, to]: readonly [number, number],
  rest: Parameters<typeof made>[3] = {},
): TraceSpan =>
  made(`${name}${from}`, `kubelet runtime.v1.RuntimeService/${name}`, [from, to], rest);

describe('explain', () => {
  it('cannot explain a trace that is not of a pod’s start, and says what it holds', () => {
    const trace: Trace = { traceId: '2'.repeat(32), spans: [made('a', 'kubelet syncPod', [0, 1])] };

    const result = explain(trace);

    assert.equal(result.kind, 'impossible');
    assert.match(
      JSON.stringify(result),
      /prober\.create-pod or pod\.start-up, got 1 spans of kubelet/,
    );
  });

  it('names the time that no span accounts for, and what lies around it', () => {
    const explanation = explained(
      probeTrace(told, [
        made(
          'bind',
          'apiserver POST /api/v1/namespaces/{:namespace}/pods/{:name}/binding',
          [100, 200],
        ),
        sync(900, 1200),
      ]),
    );

    assert.deepEqual(lines(explanation), [
      '100 apiserver answers the create request',
      '100 apiserver handles the binding to the node',
      '700 no span accounts for it, between "apiserver handles the binding to the node" and "kubelet syncs the pod"',
      '300 kubelet syncs the pod',
      '100 kubelet notices that the containers run, and says so',
    ]);
    assert.equal(explanation.verdict.cause, 'unaccounted');
    assert.equal(explanation.verdict.certainty, 'none');
    assert.match(
      explanation.verdict.sentence,
      /^700 ms of 1.30 s: no span accounts for it, between/,
    );
    assert.equal(explanation.certainties.none, 700_000_000n);
  });

  it('says that the spans of kubelet and runtime are missing where they are', () => {
    const { verdict } = explained(probeTrace(told, []));

    assert.equal(verdict.cause, 'unaccounted');
    assert.deepEqual(verdict.evidence, [
      'the trace holds no spans of the kubelet and the container runtime',
    ]);
  });

  it('tells a pull by Events where kubelet and runtime have no spans', () => {
    const note = (message: string) => ({ 'kube_latency.event.message': message });
    const events = [
      event('Scheduled', 200, note('assigned')),
      event('Pulling', 300, note('Pulling image "big:1"')),
      event('Pulled', 1100, note('Successfully pulled image "big:1"')),
    ];

    const explanation = explained(probeTrace(told, [], { events }));

    assert.equal(causes(explanation)['image'], 800);
    assert.equal(explanation.verdict.subject, 'big:1');
  });

  it('tells a run of an init container by its status where kubelet and runtime have no spans', () => {
    const sight = (state: string, reason = '') => ({
      'k8s.container.name': 'setup',
      'k8s.container.status.state': state,
      'k8s.container.status.reason': reason,
      'kube_latency.container.init': true,
    });
    const events = [
      event('Container running', 300, sight('running')),
      event('Container terminated', 1000, sight('terminated', 'Completed')),
    ];

    const explanation = explained(probeTrace(told, [], { events }));

    assert.equal(causes(explanation)['init-container'], 700);
    assert.equal(explanation.verdict.subject, 'setup');
  });

  it('ends the create request for a start where the binding begins: nobody waits for its answer', () => {
    const trace = probeTrace({ ...told, created: 150, scheduled: 160 }, [
      made('post', 'apiserver POST /api/v1/namespaces/{:namespace}/pods', [10, 60], {
        parent: 'create',
      }),
      made(
        'bind',
        'apiserver POST /api/v1/namespaces/{:namespace}/pods/{:name}/binding',
        [70, 140],
      ),
    ]);

    assert.deepEqual(lines(explained(trace)).slice(0, 4), [
      '10 apiserver is sent the create request, and sends the answer',
      '50 apiserver handles the create request',
      '10 apiserver is sent the create request, and sends the answer',
      '70 apiserver handles the binding to the node',
    ]);
  });

  it('tells a create that was sent again from one that is under way', () => {
    const trace = probeTrace({ ...told, created: 5000 }, []);
    const spans = trace.spans.map((span) =>
      span.name === 'prober.create-pod'
        ? { ...span, attributes: { 'http.request.resend_count': 2 } }
        : span,
    );

    const { verdict } = explained({ ...trace, spans });

    assert.equal(verdict.cause, 'api-server');
    assert.match(verdict.sentence, /puts off the create request/);
    assert.deepEqual(verdict.evidence, ['the create request was sent again 2 times']);
  });

  it('finds a linked caller, and the authentication beside a request', () => {
    const original = (traceId: string, spanId: string) => ({
      'kube_latency.original_trace_id': traceId,
      'kube_latency.original_span_id': spanId,
    });
    const url = 'https://10.0.0.1:6443/api/v1/namespaces/shop/pods/web/status';
    const explanation = explained(
      probeTrace({ ...told, ready: 2300 }, [
        sync(200, 1200),
        made('patch', 'kubelet HTTP PATCH', [1300, 2290], {
          kind: 'client',
          parent: 'pod.ready',
          attributes: { 'url.full': url, ...original('k', 'p1') },
        }),
        made('authn', 'apiserver authentication', [1310, 2280], {
          parent: 'pod.ready',
          attributes: original('s', 'a1'),
        }),
        made(
          'served',
          'apiserver PATCH /api/v1/namespaces/{:namespace}/pods/{:name}/status',
          [1400, 2280],
          {
            kind: 'server',
            parent: 'pod.ready',
            attributes: original('s', 's1'),
            links: [{ traceId: 'k', spanId: 'p1' }],
          },
        ),
        made('apf', 'apiserver priorityandfairness', [1400, 2270], { parent: 'served' }),
      ]),
    );

    assert.deepEqual(lines(explanation).slice(2, 7), [
      '1000 kubelet syncs the pod',
      '100 kubelet notices that the containers run, and says so',
      '10 kubelet sends the status update, and awaits the answer',
      '90 apiserver authenticates the caller of the status update',
      '870 apiserver queues the status update (API Priority and Fairness)',
    ]);
  });

  it('waits for no status update but the one that made the pod Ready', () => {
    const status = 'apiserver PATCH /api/v1/namespaces/{:namespace}/pods/{:name}/status';
    const explanation = explained(
      probeTrace(told, [
        sync(200, 1200),
        made('early', status, [150, 1190], { kind: 'server' }),
        made('last', status, [1250, 1299], { kind: 'server' }),
      ]),
    );

    assert.equal(causes(explanation)['api-server'], 100 + 49 + 1);
    assert.equal(causes(explanation)['kubelet'], 1000 + 50);
  });

  it('gives the token request within a sync its own time', () => {
    const url = 'https://10.0.0.1:6443/api/v1/namespaces/shop/serviceaccounts/default/token';
    const explanation = explained(
      probeTrace(told, [
        sync(200, 1200),
        made('token', 'kubelet HTTP POST', [300, 900], { attributes: { 'url.full': url } }),
      ]),
    );

    assert.equal(causes(explanation)['api-server'], 700);
    assert.equal(causes(explanation)['kubelet'], 500);
  });

  it('tells volumes by their Events', () => {
    const message = 'MountVolume.SetUp failed for volume "config": configmap "x" not found';
    const events = [event('FailedMount', 400, { 'kube_latency.event.message': message })];
    const spans = [sync(200, 1200), call('RunPodSandbox', [1100, 1200], { parent: 'sync200' })];

    const { verdict } = explained(probeTrace(told, spans, { events }));

    assert.equal(verdict.cause, 'volumes');
    assert.equal(verdict.ns, 900_000_000n);
    assert.deepEqual(verdict.evidence, [message]);
  });

  it('leaves the sandbox and its network undivided where the runtime does not tell them apart', () => {
    const spans = [sync(200, 1200), call('RunPodSandbox', [250, 1150], { parent: 'sync200' })];

    const { verdict } = explained(probeTrace(told, spans));

    assert.equal(verdict.cause, 'sandbox');
    assert.match(verdict.evidence.join(), /do not tell the network plugin's part/);
  });

  it('blames the network plugin for the waits between its failures', () => {
    const failure = failed('plugin type="slow" failed');
    const failing = (from: number): TraceSpan[] => [
      sync(from, from + 100, failed('failed to create the sandbox')),
      call('RunPodSandbox', [from + 10, from + 100], { parent: `sync${from}`, ...failure }),
      made(`cni${from}`, 'containerd cni.Setup', [from + 20, from + 90], {
        parent: `RunPodSandbox${from + 10}`,
        ...failure,
      }),
    ];

    const explanation = explained(
      probeTrace({ ...told, started: 4200, ready: 4300 }, [
        ...failing(200),
        ...failing(2000),
        sync(3900, 4200),
      ]),
    );

    assert.equal(explanation.verdict.cause, 'network-plugin');
    assert.equal(causes(explanation)['network-plugin'], 70 + 1700 + 70 + 1800);
    assert.deepEqual(explanation.verdict.evidence, ['plugin type="slow" failed']);
  });

  it('tells a container that cannot be made by what the kubelet could not start', () => {
    const message =
      'failed to "StartContainer" for "web" with CreateContainerConfigError: "secret \\"keys\\" not found"';
    const explanation = explained(
      probeTrace({ ...told, started: 5200, ready: 5300 }, [
        sync(200, 300, failed(message)),
        sync(5000, 5200),
      ]),
    );

    assert.equal(explanation.verdict.cause, 'container-config');
    assert.equal(explanation.verdict.subject, 'web');
    assert.deepEqual(explanation.verdict.evidence, [
      'CreateContainerConfigError: secret "keys" not found',
    ]);
  });

  it('tells a container that ends and is started again', () => {
    const sight = (state: string, reason: string) => ({
      'k8s.container.name': 'web',
      'k8s.container.status.state': state,
      'k8s.container.status.reason': reason,
    });
    const events = [
      event('Container terminated', 1500, sight('terminated', 'Error')),
      event('Container waiting', 2000, sight('waiting', 'CrashLoopBackOff')),
      event('Container running', 9000, sight('running', '')),
    ];

    const { verdict } = explained(
      probeTrace({ ...told, ready: 9100 }, [sync(200, 1200)], { events }),
    );

    assert.equal(verdict.cause, 'crash');
    assert.equal(verdict.subject, 'web');
  });

  it('tells readiness gates', () => {
    const attributes = { 'kube_latency.pod.readiness_gates': 'example.com/balanced' };

    const { verdict } = explained(
      probeTrace({ ...told, ready: 9100 }, [sync(200, 1200)], { attributes }),
    );

    assert.equal(verdict.cause, 'readiness');
    assert.match(verdict.evidence.join(), /example\.com\/balanced/);
  });

  it('does not take a long wait for readiness of which nothing tells', () => {
    const { verdict } = explained(probeTrace({ ...told, ready: 9100 }, [sync(200, 1200)]));

    assert.equal(verdict.cause, 'unaccounted');
  });

  it('gives programs that it does not know their time under their own name', () => {
    const own = made('cycle', 'my-scheduler schedulingCycle', [110, 190], {
      parent: 'pod.schedule',
    });
    const far = made('job', 'ci build', [0, 60_000]);

    const explanation = explained(probeTrace(told, [own, far, sync(200, 1200)]));

    assert.equal(causes(explanation)['other'], 80);
  });

  it('explains a pod that nobody probed from the request that made it on', () => {
    const pod = { 'k8s.namespace.name': 'shop', 'k8s.pod.name': 'web' };
    const rough = { ...pod, 'kube_latency.phase.uncertainty': 1 };
    const phase = (name: string, from: number, to: number): TraceSpan =>
      made(name, `correlator ${name}`, [from, to], { parent: 'root', attributes: rough });
    const trace: Trace = {
      traceId: '3'.repeat(32),
      spans: [
        made('root', 'correlator pod.start-up', [0, 3000], { attributes: pod }),
        phase('pod.schedule', 0, 1300),
        phase('pod.start', 1300, 2600),
        phase('pod.ready', 2600, 3000),
        made('post', 'apiserver POST /api/v1/namespaces/{:namespace}/pods', [400, 500], {
          kind: 'server',
        }),
        made(
          'bind',
          'apiserver POST /api/v1/namespaces/{:namespace}/pods/{:name}/binding',
          [1000, 1100],
        ),
        made('sync', 'kubelet syncPod', [1150, 1900], {
          parent: 'pod.start',
          attributes: { 'resource.k8s.node.name': 'n2' },
        }),
        call('StartContainer', [1800, 1900], { parent: 'sync' }),
      ],
    };

    const explanation = explained(trace);

    assert.equal(explanation.toldBy, 'correlator');
    assert.equal(explanation.toNs - explanation.fromNs, 2_600_000_000n);
    assert.equal(explanation.uncertaintySeconds, 0);
    assert.equal(explanation.pod.node, 'n2');
    assert.equal(causes(explanation)['scheduling'], 500);
    assert.deepEqual(explanation.phases, {
      schedule: 600_000_000n,
      start: 800_000_000n,
      ready: 1_100_000_000n,
    });
  });

  it('says how uncertain the beginning is where nothing but the status tells it', () => {
    const spans = [
      made('root', 'correlator pod.start-up', [0, 3000]),
      made('ready', 'correlator pod.ready', [2000, 3000], { parent: 'root' }),
    ];

    assert.equal(explained({ traceId: '4'.repeat(32), spans }).uncertaintySeconds, 1);
  });

  it('explains a start that failed up to where it failed', () => {
    const stuck = made(
      'pod.start',
      'pod-prober pod.start',
      [200, 8000],
      failed('not Ready within 8s'),
    );
    const trace = probeTrace({ created: 100, scheduled: 200 }, [stuck]);

    const { failure, verdict, fromNs, toNs, phases } = explained(trace);

    assert.equal(failure, 'not Ready within 8s');
    assert.equal(toNs - fromNs, 8_000_000_000n);
    assert.match(verdict.sentence, /; the pod did not become Ready$/);
    assert.deepEqual(Object.keys(phases), ['create', 'schedule']);
  });

  it('names the subject of most of the time where a cause has several', () => {
    const attributes = { 'kube_latency.pod.init_containers': 'quick; slow' };
    const started = (name: string, id: string, at: number): TraceSpan[] => [
      call('CreateContainer', [at, at + 10], { parent: 'sync200' }),
      made(`c${at}`, 'containerd runtime.v1.RuntimeService/CreateContainer', [at, at + 10], {
        parent: `CreateContainer${at}`,
        attributes: { 'container.id': id, 'container.name': `${name}_web_shop_u-1_0` },
      }),
      call('StartContainer', [at + 10, at + 20], { parent: 'sync200' }),
      made(`s${at}`, 'containerd runtime.v1.RuntimeService/StartContainer', [at + 10, at + 20], {
        parent: `StartContainer${at + 10}`,
        attributes: { 'container.id': id },
      }),
    ];
    const explanation = explained(
      probeTrace(
        { ...told, started: 5020, ready: 5100 },
        [
          sync(200, 230),
          ...started('quick', 'id-1', 210),
          made('sync1000', 'kubelet syncPod', [1000, 1030], { parent: 'pod.start' }),
          ...started('slow', 'id-2', 1010),
          made('sync5000', 'kubelet syncPod', [5000, 5020], { parent: 'pod.start' }),
        ],
        { attributes },
      ),
    );

    assert.equal(explanation.verdict.cause, 'init-container');
    assert.match(explanation.verdict.sentence, /: init containers, 3\.97 s of it slow on node n1$/);
  });
});
