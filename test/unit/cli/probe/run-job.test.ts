import assert from 'node:assert/strict';
import type { ServerResponse } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { probeInCluster } from '../../../../cli/probe/run-job.ts';
import {
  json,
  startFakeApiServer,
  type FakeApiServer,
  type TakenRequest,
} from '../../receivers/shared/kubernetes/fake-api-server.ts';
import { recordedContext, type RecordedContext } from '../context.ts';

const report = { probes: [], exitCode: 0 };
const entry = JSON.stringify({ level: 30, time: 1, name: 'pod-prober', msg: 'probe 1/1: a/b ok' });
const cronJob = {
  metadata: { name: 'pod-prober', uid: 'cron uid' },
  spec: {
    jobTemplate: {
      spec: {
        activeDeadlineSeconds: 299,
        template: { spec: { containers: [{ name: 'pod-prober', args: ['main.mjs'] }] } },
      },
    },
  },
};

/** What the stand-in does other than run a prober that reports at once. */
interface Oddity {
  readonly cronJob?: { readonly status: number; readonly body: object };
  readonly onCreate?: (response: ServerResponse) => void;
  /** States of the prober's container, one for each time that is asked, the last for ever; null: no pod. */
  readonly states?: readonly (object | null)[];
  readonly onLog?: (response: ServerResponse) => void;
  readonly jobStatus?: object;
  readonly onDelete?: (response: ServerResponse) => void;
}

describe('probeInCluster', () => {
  let server: FakeApiServer;
  let context: RecordedContext;
  let stop: AbortController;

  beforeEach(() => {
    stop = new AbortController();
    context = recordedContext({}, stop.signal);
  });

  afterEach(() => server.stop());

  async function run(oddity: Oddity, args: readonly string[] = []) {
    server = await startFakeApiServer(standIn(oddity));
    return probeInCluster(context, server.connection, args);
  }

  const sent = (method: string): TakenRequest[] =>
    server.taken.filter((request) => request.method === method);

  it('gives the report of a Job, tells its log, and deletes it', async () => {
    const outcome = await run({}, ['--port', '80', '-o', 'text']);

    assert.deepEqual(outcome, { kind: 'ran', report });
    const [create] = sent('POST');
    const job = JSON.parse(create?.body ?? '') as {
      metadata: { name: string };
      spec: { activeDeadlineSeconds: number; template: { spec: { containers: object[] } } };
    };
    assert.match(job.metadata.name, /^probe-[0-9a-f]{8}$/);
    assert.equal(job.spec.activeDeadlineSeconds, 299);
    assert.deepEqual(job.spec.template.spec.containers, [
      { name: 'pod-prober', args: ['main.mjs', '--port', '80', '--output=json'] },
    ]);
    assert.deepEqual(context.printed.err, [
      `probing in the cluster, as Job kube-latency/${job.metadata.name}`,
      'probe 1/1: a/b ok',
    ]);
    assert.deepEqual(
      sent('DELETE').map(({ url, body }) => [url.pathname, JSON.parse(body)]),
      [
        [
          `/apis/batch/v1/namespaces/kube-latency/jobs/${job.metadata.name}`,
          {
            apiVersion: 'v1',
            kind: 'DeleteOptions',
            propagationPolicy: 'Background',
            preconditions: { uid: 'job uid' },
          },
        ],
      ],
    );
  });

  it('makes no Job where there is no CronJob', async () => {
    const outcome = await run({ cronJob: { status: 404, body: {} } });

    assert.deepEqual(outcome, { kind: 'not-here', why: undefined });
    assert.equal(sent('POST').length, 0);
  });

  it('says why it may not', async () => {
    const body = { message: 'cronjobs "pod-prober" is forbidden' };

    assert.deepEqual(await run({ cronJob: { status: 403, body } }), {
      kind: 'not-here',
      why: body.message,
    });
  });

  it('says why it may not create one', async () => {
    const message = 'jobs is forbidden';
    const onCreate = (response: ServerResponse): void => json(response, 403, { message });

    assert.deepEqual(await run({ onCreate }), { kind: 'not-here', why: message });
    assert.equal(sent('DELETE').length, 0);
  });

  it('rejects where the API server answers something else', async () => {
    await assert.rejects(run({ cronJob: { status: 401, body: { message: 'who are you' } } }), {
      name: 'StartupError',
      message: /CronJob kube-latency\/pod-prober: who are you/,
    });
  });

  it('deletes a Job whose creation had no answer', async () => {
    const onCreate = (response: ServerResponse): void => void response.destroy();

    await assert.rejects(run({ onCreate }), { name: 'StartupError', message: /creating Job/ });
    assert.equal(sent('POST').length, 1);
    assert.equal(sent('DELETE').length, 1);
  });

  it('reads the log again where it broke, and tells nothing twice', async () => {
    let reads = 0;
    const onLog = (response: ServerResponse): void => {
      response.write(`${entry}\n`);
      if (++reads === 1) setTimeout(() => response.destroy(), 20);
      else response.end(`${JSON.stringify(report)}\n`);
    };

    assert.deepEqual(await run({ onLog }), { kind: 'ran', report });
    const [, ...lines] = context.printed.err;
    assert.equal(lines[0], 'probe 1/1: a/b ok');
    assert.match(lines[1] ?? '', /^warning: reading the log of pod probe-pod: /);
    assert.equal(lines.length, 2);
  });

  const failures: { title: string; oddity: Oddity; says: RegExp }[] = [
    {
      title: 'was killed',
      oddity: {
        states: [{ running: {} }, { terminated: { exitCode: 137, reason: 'OOMKilled' } }],
        onLog: (response) => void response.end(`${entry}\n`),
      },
      says: /ended without a report: OOMKilled \(exit code 137\); --here probes from this machine$/,
    },
    {
      title: 'could not begin',
      oddity: {
        states: [{ terminated: { exitCode: 1, reason: 'Error' } }],
        onLog: (response) => void response.end('pod-prober: no right to list pods\n'),
      },
      says: /ended without a report: no right to list pods; --here probes from this machine$/,
    },
    {
      title: 'has an image that is not there',
      oddity: {
        states: [null, { waiting: { reason: 'ErrImageNeverPull', message: 'image x' } }],
      },
      says: /cannot begin: ErrImageNeverPull: image x; --here probes from this machine$/,
    },
    {
      title: 'came too late',
      oddity: {
        states: [null],
        jobStatus: {
          conditions: [{ type: 'Failed', status: 'True', reason: 'DeadlineExceeded' }],
        },
      },
      says: /ended without a report: DeadlineExceeded; --here probes from this machine$/,
    },
    {
      title: 'has a log that may not be read',
      oddity: { onLog: (response) => json(response, 403, { message: 'no pods/log' }) },
      says: /reading the log of pod probe-pod: no pods\/log; `kubectl auth can-i --list` /,
    },
  ];
  for (const { title, oddity, says } of failures)
    it(`says why there is no report, and deletes the Job: one that ${title}`, async () => {
      await assert.rejects(run(oddity), { name: 'StartupError', message: says });
      assert.equal(sent('DELETE').length, 1);
    });

  it('refuses flags that a prober in the cluster cannot keep, before there is a Job', async () => {
    await assert.rejects(run({}, ['--namespace', 'mine']), { name: 'ConfigError' });
    assert.equal(sent('POST').length, 0);
  });

  it('takes the report of a prober that it stopped, once its Job was deleted', async () => {
    let logged: ServerResponse | undefined;
    const onLog = (response: ServerResponse): void => {
      logged = response;
      response.write(`${entry}\n`);
      setTimeout(() => stop.abort(), 20);
    };
    const onDelete = (response: ServerResponse): void => {
      json(response, 200, {});
      logged?.end(`${JSON.stringify({ ...report, exitCode: 1 })}\n`);
    };

    const outcome = await run({ onLog, onDelete });

    assert.deepEqual(outcome, { kind: 'ran', report: { ...report, exitCode: 1 } });
    assert.equal(sent('DELETE').length, 1);
    const last = server.taken.at(-1);
    assert.ok(last?.url.pathname.endsWith('/pods'), 'waits until the pod is gone');
  });

  it('ends at once when it is stopped before the prober ran', async () => {
    const running = run({ states: [{ waiting: { reason: 'ContainerCreating' } }] });
    const reason = new Error('stopped by SIGINT');
    await delay(300);
    stop.abort(reason);

    await assert.rejects(running, reason);
    assert.equal(sent('DELETE').length, 1);
  });

  it('says what remains where the Job cannot be deleted', async () => {
    const onDelete = (response: ServerResponse): void =>
      json(response, 403, { message: 'jobs is forbidden' });

    assert.equal((await run({ onDelete })).kind, 'ran');
    assert.match(
      context.printed.err.at(-1) ?? '',
      /^warning: Job probe-\w+ may remain: jobs is forbidden; kubectl .* delete job probe-\w+$/,
    );
  });
});

/** A cluster with the CronJob, whose Job has one pod until it is deleted. */
function standIn(oddity: Oddity) {
  const { states = [{ running: {} }] } = oddity;
  let asked = 0;
  let deleted = false;
  return ({ method, url }: TakenRequest, response: ServerResponse): void => {
    const what = `${method} ${url.pathname.split('/').at(-1)}`;
    if (what === 'GET pod-prober') {
      const { status, body } = oddity.cronJob ?? { status: 200, body: cronJob };
      return json(response, status, body);
    }
    if (what === 'POST jobs') {
      if (oddity.onCreate !== undefined) return oddity.onCreate(response);
      return json(response, 201, { metadata: { uid: 'job uid' } });
    }
    if (what === 'GET log') {
      if (oddity.onLog !== undefined) return oddity.onLog(response);
      return void response.end(`${entry}\n${JSON.stringify(report)}\n`);
    }
    if (what === 'GET pods') {
      const state = states[Math.min(asked++, states.length - 1)];
      const containerStatuses = [{ name: 'pod-prober', state }];
      const pod = { metadata: { name: 'probe-pod' }, status: { containerStatuses } };
      return json(response, 200, { items: deleted || state === null ? [] : [pod] });
    }
    if (method === 'DELETE') {
      deleted = true;
      if (oddity.onDelete !== undefined) return oddity.onDelete(response);
      return json(response, 200, {});
    }
    json(response, 200, { metadata: { uid: 'job uid' }, status: oddity.jobStatus });
  };
}
