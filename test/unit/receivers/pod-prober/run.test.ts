import assert from 'node:assert/strict';
import type { ServerResponse } from 'node:http';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { Command } from 'commander';

import {
  addProbeOptions,
  probeConfig,
  type ProbeOptions,
} from '../../../../receivers/pod-prober/config.ts';
import type { ProbeReport } from '../../../../receivers/pod-prober/report.ts';
import { runProbes } from '../../../../receivers/pod-prober/run.ts';
import type { Log } from '../../../../receivers/shared/log.ts';
import { monitoringCert } from '../support-certificates.ts';
import {
  json,
  startFakeApiServer,
  type FakeApiServer,
  type TakenRequest,
} from '../shared/kubernetes/fake-api-server.ts';

const silent = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };

interface Made {
  readonly metadata: {
    readonly name: string;
    readonly annotations: Readonly<Record<string, string>>;
  };
}

/** How the stand-in deviates from an API server whose pods are Ready at once. */
interface Oddity {
  /** Answers a create, after the pod was made; default 201. */
  readonly onCreate?: (response: ServerResponse, pod: Made) => void;
  readonly refuseEvents?: boolean;
  readonly neverReady?: boolean;
  readonly refuseCreate?: { readonly status: number; readonly message: string };
  /** Creates that are refused; default all. */
  readonly refusals?: number;
  /** Says nothing of pods in the watch. */
  readonly mute?: boolean;
  /** Deletions find nothing. */
  readonly vanishes?: boolean;
  readonly found?: readonly object[];
  /** Answers a deletion; default: the pod is gone at once. */
  readonly onDelete?: () => void;
}

/** A stand-in with one collection of pods, a watch on it, and pods that become Ready at once. */
class OddServer {
  readonly pods = new Map<string, object>();
  readonly #watches = new Set<ServerResponse>();
  readonly #oddity: Oddity;
  #version = 100;
  #creates = 0;

  constructor(oddity: Oddity) {
    this.#oddity = oddity;
  }

  answer(request: TakenRequest, response: ServerResponse): void {
    const isEvents = request.url.pathname.endsWith('/events');
    if (isEvents && this.#oddity.refuseEvents === true) {
      return json(response, 403, { message: 'events is forbidden' });
    }
    if (request.url.searchParams.has('watch')) return this.#watch(response, isEvents);
    switch (request.method) {
      case 'GET':
        if (request.url.pathname.endsWith('/pods/prober')) {
          return json(response, 200, { metadata: { uid: 'u-1' }, status: { phase: 'Running' } });
        }
        return this.#list(response, isEvents);
      case 'POST':
        return this.#create(response, JSON.parse(request.body) as Made);
      case 'PATCH':
        return this.#patch(response, request);
      default:
        return this.#delete(response, request.url.pathname.split('/').at(-1) ?? '');
    }
  }

  #tell(type: string, object: object): void {
    if (this.#oddity.mute === true) return;
    for (const watch of this.#watches) watch.write(`${JSON.stringify({ type, object })}\n`);
  }

  #watch(response: ServerResponse, isEvents: boolean): void {
    response.writeHead(200);
    response.flushHeaders();
    response.on('error', () => {});
    if (!isEvents) this.#watches.add(response);
  }

  #list(response: ServerResponse, isEvents: boolean): void {
    const items = isEvents ? [] : (this.#oddity.found ?? []);
    json(response, 200, { metadata: { resourceVersion: String(this.#version) }, items });
  }

  #show(name: string, type: string, labels: object): void {
    const ready = this.#oddity.neverReady !== true;
    const object = {
      metadata: { name, uid: `uid-${name}`, resourceVersion: String(++this.#version), labels },
      spec: { containers: [{ name: 'probe' }], ...(ready ? { nodeName: 'worker' } : {}) },
      status: {
        phase: ready ? 'Running' : 'Pending',
        podIP: '127.0.0.1',
        conditions: ready ? [{ type: 'Ready', status: 'True' }] : [],
        containerStatuses: ready ? [{ name: 'probe', state: { running: {} } }] : [],
      },
    };
    this.pods.set(name, object);
    this.#tell(type, object);
  }

  #create(response: ServerResponse, pod: Made): void {
    const { refuseCreate, refusals = Infinity, onCreate } = this.#oddity;
    if (refuseCreate !== undefined && this.#creates++ < refusals) {
      return json(response, refuseCreate.status, refuseCreate);
    }
    const { name } = pod.metadata;
    if (this.pods.has(name))
      return json(response, 409, { message: `pods "${name}" already exists` });
    this.#show(name, 'ADDED', { app: 'probe' });
    if (onCreate === undefined) json(response, 201, { metadata: { uid: `uid-${name}` } });
    else onCreate(response, pod);
  }

  #patch(response: ServerResponse, request: TakenRequest): void {
    const name = request.url.pathname.split('/').at(-1) ?? '';
    const { metadata } = JSON.parse(request.body) as { metadata: { labels: object } };
    this.#show(name, 'MODIFIED', metadata.labels);
    json(response, 200, {});
  }

  /** Makes a pod appear that somebody else made. */
  appear(object: object): void {
    this.#tell('ADDED', object);
  }

  #delete(response: ServerResponse, name: string): void {
    this.#oddity.onDelete?.();
    const pod = this.#oddity.vanishes === true ? undefined : this.pods.get(name);
    json(response, pod === undefined ? 404 : 200, {});
    if (pod === undefined) return;
    this.pods.delete(name);
    this.#tell('DELETED', pod);
  }
}

describe('runProbes', () => {
  const folder = mkdtempSync(join(tmpdir(), 'kube-latency-test-'));
  let server: FakeApiServer;
  let odd: OddServer;

  afterEach(() => server.stop());
  after(() => rmSync(folder, { recursive: true }));

  async function run(
    oddity: Oddity,
    args: readonly string[] = [],
    how: { readonly signal?: AbortSignal; readonly env?: NodeJS.ProcessEnv; log?: Log } = {},
  ): Promise<ProbeReport> {
    odd = new OddServer(oddity);
    server = await startFakeApiServer((request, response) => odd.answer(request, response));
    const kubeconfig = join(folder, 'config');
    const cluster = {
      server: server.connection.server.origin,
      'certificate-authority-data': Buffer.from(monitoringCert).toString('base64'),
    };
    const config = {
      clusters: [{ name: 'c', cluster }],
      users: [{ name: 'u', user: { token: 'secret' } }],
      contexts: [{ name: 'x', context: { cluster: 'c', user: 'u', namespace: 'probes' } }],
      'current-context': 'x',
    };
    writeFileSync(kubeconfig, JSON.stringify(config));
    const command = addProbeOptions(new Command()).exitOverride();
    const flags = ['--kubeconfig', kubeconfig, '--first-packet', 'none', ...args];
    command.parse(flags, { from: 'user' });
    return runProbes(probeConfig(command.opts<ProbeOptions>(), {}), {
      signal: how.signal ?? new AbortController().signal,
      env: how.env ?? {},
      log: how.log ?? silent,
    });
  }

  const methods = (method: string): TakenRequest[] =>
    server.taken.filter((request) => request.method === method);

  it('makes three writes a probe, each with its own trace context and audit id', async () => {
    const report = await run({}, ['--count', '5', '--concurrency', '5']);

    assert.equal(report.exitCode, 0);
    assert.deepEqual(report.api.requests, {
      get: 0,
      list: 2,
      watch: 2,
      create: 5,
      patch: 5,
      delete: 5,
    });
    assert.equal(report.traceJoin, 'links');
    const writes = server.taken.filter((request) => request.method !== 'GET');
    assert.equal(new Set(writes.map((request) => request.headers['audit-id'])).size, 15);
    assert.equal(new Set(writes.map((request) => request.headers['traceparent'])).size, 15);
    assert.equal(odd.pods.size, 0);
  });

  it('tells of each probe as it ends', async () => {
    const said: string[] = [];
    const log = { ...silent, info: (_fields: object, message: string) => void said.push(message) };
    await run({}, ['--count', '2'], { log });

    const told = said.filter((message) => message.startsWith('probe '));
    assert.equal(told.length, 2);
    assert.match(told[0] ?? '', /^probe 1\/2: probes\/probe-[0-9a-f]{16} ok$/);
    assert.match(told[1] ?? '', /^probe 2\/2: /);
  });

  it('watches before it creates', async () => {
    await run({});
    const order = server.taken.map(({ method, url }) =>
      url.searchParams.has('watch') ? 'WATCH' : method,
    );

    assert.ok(order.lastIndexOf('WATCH') < order.indexOf('POST'));
  });

  it('marks the pod of a probe that is not sampled with flag 00', async () => {
    process.env['OTEL_TRACES_SAMPLER'] = 'always_off';
    try {
      await run({});
    } finally {
      delete process.env['OTEL_TRACES_SAMPLER'];
    }
    const [create] = methods('POST');
    const { annotations } = (JSON.parse(create?.body ?? '{}') as Made).metadata;

    assert.match(String(create?.headers['traceparent']), /-00$/);
    assert.match(annotations['tracing.k8s.io/traceparent'] ?? '', /-00$/);
  });

  it('deletes the pod of a create whose answer never came', async () => {
    const onCreate = (response: ServerResponse): void => void response.destroy();
    const report = await run({ onCreate });

    assert.equal(report.exitCode, 1);
    assert.equal(report.probes[0]?.reason, 'api_error');
    assert.equal(odd.pods.size, 0);
    assert.equal(methods('POST').length, 1);
    assert.equal(methods('DELETE').length, 1);
  });

  it('creates once and deletes where a connection breaks that an earlier probe has used', async () => {
    let made = 0;
    const onCreate = (response: ServerResponse, { metadata }: Made): void => {
      if (++made === 2) response.destroy();
      else json(response, 201, { metadata: { uid: `uid-${metadata.name}` } });
    };
    const report = await run({ onCreate }, ['--count', '2']);

    assert.deepEqual(report.outcomes, { ok: 1, failed: 1 });
    assert.equal(methods('POST').length, 2);
    assert.equal(methods('DELETE').length, 2);
    assert.equal(odd.pods.size, 0);
  });

  it('deletes the pod of a create that is told that it exists already', async () => {
    const onCreate = (response: ServerResponse): void =>
      json(response, 409, { message: 'already exists' });
    const report = await run({ onCreate });

    assert.equal(report.probes[0]?.reason, 'api_error');
    assert.equal(odd.pods.size, 0);
  });

  it('has no latency of a clean-up that found nothing', async () => {
    const refuseCreate = { status: 500, message: 'no leader' };
    const report = await run({ refuseCreate });
    const cleanup = report.probes[0]?.phases.find(({ phase }) => phase === 'cleanup');

    assert.deepEqual([cleanup?.outcome, cleanup?.seconds], ['failed', null]);
    assert.equal(methods('DELETE').length, 1);
  });

  it('knows the uid of a pod that the watch never showed', async () => {
    const stop = new AbortController();
    const onCreate = (response: ServerResponse, { metadata }: Made): void => {
      json(response, 201, { metadata: { uid: `uid-${metadata.name}` } });
      setTimeout(() => stop.abort(), 20);
    };
    // It is gone without a word: else the clean-up would wait to see it go.
    const report = await run({ onCreate, mute: true, vanishes: true }, [], { signal: stop.signal });
    const [result] = report.probes;

    assert.equal(result?.uid, `uid-${result?.pod}`);
    assert.equal(result?.reason, 'cancelled');
  });

  it('waits as the server asks when it has too many requests, and creates again', async () => {
    const refuseCreate = { status: 429, message: 'slow down' };
    const report = await run({ refuseCreate, refusals: 1 });

    assert.equal(report.exitCode, 0);
    assert.equal(methods('POST').length, 2);
  });

  it('works without the right to hear Events', async () => {
    const report = await run({ refuseEvents: true });
    const sources = report.probes[0]?.phases.map(({ phase, source }) => `${phase} ${source}`);

    assert.equal(report.exitCode, 0);
    assert.ok(sources?.includes('schedule watch'));
  });

  it('deletes the pod when it is stopped in the middle', async () => {
    const stop = new AbortController();
    const onCreate = (response: ServerResponse): void => {
      json(response, 201, {});
      setTimeout(() => stop.abort(), 20);
    };
    const report = await run({ onCreate, neverReady: true }, [], { signal: stop.signal });

    assert.equal(report.probes[0]?.reason, 'cancelled');
    assert.equal(odd.pods.size, 0);
  });

  it('fails a run that is stopped before all its probes were run', async () => {
    const stop = new AbortController();
    const report = await run({ onDelete: () => stop.abort() }, ['--count', '20'], {
      signal: stop.signal,
    });

    assert.deepEqual(report.outcomes, { ok: 1, failed: 0 });
    assert.deepEqual([report.asked, report.interrupted, report.exitCode], [20, true, 1]);
  });

  it('is not interrupted when it is stopped after its last probe was run', async () => {
    const stop = new AbortController();
    const report = await run({ onDelete: () => stop.abort() }, ['--count', '1'], {
      signal: stop.signal,
    });

    assert.deepEqual([report.interrupted, report.exitCode], [false, 0]);
  });

  it('deletes the pod when its budget is over', async () => {
    const report = await run({ neverReady: true }, ['--timeout', '1s']);

    assert.equal(report.probes[0]?.reason, 'deadline');
    assert.equal(odd.pods.size, 0);
  });

  it('does not begin where the namespace is missing, and says so', async () => {
    const refuseCreate = { status: 404, message: 'namespaces "probes" not found' };

    await assert.rejects(run({ refuseCreate }, ['--count', '3']), {
      name: 'ConfigError',
      message: /^namespace probes: expected it to exist: /,
    });
    assert.equal(methods('POST').length, 1);
  });

  it('does not begin without the right to create', async () => {
    const refuseCreate = {
      status: 403,
      message: 'pods is forbidden: User "u" cannot create resource "pods"',
    };

    await assert.rejects(run({ refuseCreate }, ['--count', '3']), { name: 'StartupError' });
    assert.equal(methods('POST').length, 1);
  });

  it('counts a refusal that may be over for the next probe, and goes on', async () => {
    const refuseCreate = { status: 403, message: 'pods "p" is forbidden: exceeded quota: q' };
    const report = await run({ refuseCreate }, ['--count', '2']);

    assert.deepEqual(report.outcomes, { ok: 0, failed: 2 });
    assert.equal(report.probes[0]?.reason, 'quota');
    assert.equal(methods('DELETE').length, 0);
  });

  it('sweeps the pods of a run that is over and leaves the others alone', async () => {
    const old = '2020-01-01T00:00:00Z';
    const found = [
      { metadata: { name: 'probe-00000000000000aa', uid: 'a', creationTimestamp: old } },
      {
        metadata: {
          name: 'probe-00000000000000bb',
          uid: 'b',
          creationTimestamp: new Date().toISOString(),
        },
      },
      { metadata: { name: 'probe-of-somebody', uid: 'c', creationTimestamp: old } },
    ];
    await run({ found });
    const deleted = methods('DELETE').map((request) => request.url.pathname.split('/').at(-1));

    assert.ok(deleted.includes('probe-00000000000000aa'));
    assert.equal(deleted.length, 2);
    assert.match(methods('DELETE')[0]?.body ?? '', /"preconditions":\{"uid":"a"\}/);
  });

  it('runs round after round until it is stopped, and then has done its work', async () => {
    const stop = new AbortController();
    let made = 0;
    const onCreate = (response: ServerResponse): void => {
      json(response, 201, {});
      if (++made === 2) stop.abort();
    };
    const report = await run({ onCreate }, ['--interval', '1s'], { signal: stop.signal });

    assert.equal(made, 2);
    assert.equal(report.exitCode, 0);
  });

  const podEnv = { K8S_POD_NAME: 'prober', K8S_POD_UID: 'u-1', K8S_NAMESPACE_NAME: 'probes' };
  const lostPod = (name: string, owner: string): object => ({
    metadata: {
      name,
      uid: name,
      annotations: {
        'kube-latency/owner': owner,
        'kube-latency/deadline': new Date(Date.now() + 60_000).toISOString(),
      },
    },
  });

  it('sweeps the pods of its own container before that was restarted', async () => {
    const found = [lostPod('probe-00000000000000aa', 'pod/probes/prober/u-1/boot/4026/1/77')];
    const report = await run({ found }, [], { env: podEnv });

    assert.equal(report.swept, 1);
  });

  it('sweeps again before each round, and never what it follows', async () => {
    const stop = new AbortController();
    let made = 0;
    const onCreate = (response: ServerResponse): void => {
      json(response, 201, {});
      made++;
      if (made === 1) {
        odd.appear(lostPod('probe-00000000000000aa', 'pod/probes/prober/u-1/boot/4026/1/77'));
      }
      if (made === 2) stop.abort();
    };
    const report = await run({ onCreate }, ['--interval', '1s'], {
      env: podEnv,
      signal: stop.signal,
    });

    assert.equal(report.swept, 1);
    assert.equal(methods('DELETE').length, 3);
  });

  it('fails a run with a limit on a phase that is never completed, although every probe succeeded', async () => {
    const report = await run({}, ['--fail-over', 'first-packet=1h', '--fail-over', 'cleanup=1h']);

    assert.deepEqual(report.outcomes, { ok: 1, failed: 0 });
    assert.deepEqual(
      report.failOver.map(({ kept }) => kept),
      [false, true],
    );
    assert.equal(report.exitCode, 1);
  });

  it('refuses a required export without a collector before it asks for anything', async () => {
    await assert.rejects(run({}, ['--require-export']), {
      name: 'ConfigError',
      message: /OTEL_EXPORTER_OTLP_ENDPOINT/,
    });
    assert.equal(server.taken.length, 0);
  });
});
