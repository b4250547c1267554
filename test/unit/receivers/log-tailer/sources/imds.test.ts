import assert from 'node:assert/strict';
import type { ServerResponse } from 'node:http';

import { askImds } from '../../../../../receivers/log-tailer/sources/imds/ask.ts';
import { followImds } from '../../../../../receivers/log-tailer/sources/imds/follow.ts';
import { until } from '../../../../support/until.ts';
import { startHttpServer, type HttpServer, type TakenRequest } from './http-server.ts';

const document = {
  accountId: '123456789012',
  architecture: 'x86_64',
  availabilityZone: 'us-east-2b',
  billingProducts: null,
  imageId: 'ami-0bf8f0f9cd3cce116',
  instanceId: 'i-0681ec41ddb32ba4e',
  instanceType: 'c6a.large',
  kernelId: null,
  pendingTime: '2022-11-28T02:58:51Z',
  privateIp: '192.168.23.248',
  region: 'us-east-2',
  version: '2017-09-30',
};

const facts = {
  cloudProvider: 'aws',
  accountId: '123456789012',
  architecture: 'x86_64',
  availabilityZone: 'us-east-2b',
  imageId: 'ami-0bf8f0f9cd3cce116',
  instanceId: 'i-0681ec41ddb32ba4e',
  instanceType: 'c6a.large',
  privateIp: '192.168.23.248',
  region: 'us-east-2',
};

describe('the metadata service of EC2', () => {
  const { signal } = new AbortController();
  const servers: HttpServer[] = [];
  let told: string;

  beforeEach(() => {
    told = JSON.stringify(document);
  });
  afterEach(() => {
    for (const server of servers.splice(0)) server.stop();
  });

  /** Version 2: nothing without a token. */
  function imds({ method, path, headers }: TakenRequest, response: ServerResponse): void {
    if (path === '/latest/api/token' && method === 'PUT') {
      const seconds = headers['x-aws-ec2-metadata-token-ttl-seconds'];
      return void response.writeHead(seconds === undefined ? 400 : 200).end('the-token');
    }
    if (headers['x-aws-ec2-metadata-token'] !== 'the-token')
      return void response.writeHead(401).end();
    if (path === '/latest/dynamic/instance-identity/document') return void response.end(told);
    if (path === '/latest/meta-data/hostname')
      return void response.end('ip-192-168-23-248.us-east-2.compute.internal');
    response.writeHead(404).end();
  }

  async function serve(answer: typeof imds, host?: string): Promise<HttpServer> {
    const server = await startHttpServer(answer, host);
    servers.push(server);
    return server;
  }

  for (const host of ['127.0.0.1', '::1'])
    it(`tells who the machine is and when it was launched, asked at ${host}`, async () => {
      const { url: endpoint } = await serve(imds, host);

      const answer = await askImds({ endpoint, timeoutMs: 2000, signal });

      assert.deepEqual(answer, {
        kind: 'told',
        identity: { facts, pendingNs: 1_669_604_331_000_000_000n },
        hostname: 'ip-192-168-23-248.us-east-2.compute.internal',
      });
    });

  const refusals: { what: string; answers: typeof imds; says: RegExp }[] = [
    {
      what: 'another cloud answers',
      answers: (_, response) => void response.writeHead(404).end('not found'),
      says: /^asking http:\S+ for a token: expected status 200, got 404$/,
    },
    {
      what: 'the document is none',
      answers: (request, response) => {
        told = '<html>';
        imds(request, response);
      },
      says: /for the identity of the machine: expected an identity document, got "<html>"$/,
    },
    {
      what: 'it does not answer in time',
      answers: () => undefined,
      says: /for a token: no answer within 100 ms$/,
    },
    {
      what: 'it answers without end',
      answers: (_, response) => {
        const more = (): void => void response.write('x'.repeat(65_536), more);
        more();
      },
      says: /for a token: (an answer of more than 1048576 bytes|no answer within 100 ms)$/,
    },
  ];
  for (const { what, answers, says } of refusals)
    it(`says that ${what}`, async () => {
      const { url: endpoint } = await serve(answers);

      const answer = await askImds({ endpoint, timeoutMs: 100, signal });

      assert.equal(answer.kind, 'failed');
      assert.match(answer.kind === 'failed' ? answer.problem : '', says);
    });

  it('is asked until it tells', async () => {
    const stop = new AbortController();
    let ready = false;
    const { url: endpoint, taken } = await serve((request, response) =>
      ready ? imds(request, response) : void response.writeHead(503).end(),
    );
    let changes = 0;
    const source = followImds({
      endpoint,
      timeoutMs: 2000,
      retryMs: 5,
      signal: stop.signal,
      onChange: () => void changes++,
    });
    assert.equal(source.evidence().reports[0]?.problem, 'it has not answered yet');
    await until(() => taken.length > 2);
    assert.match(source.evidence().reports[0]?.problem ?? '', /got 503$/);

    ready = true;
    await source.ended;

    const evidence = source.evidence();
    assert.deepEqual(evidence.occurrences, [
      {
        event: 'instance_pending',
        source: 'EC2 IMDS',
        atUnixNs: 1_669_604_331_000_000_000n,
        precisionNs: 1e9,
      },
    ]);
    assert.deepEqual(evidence.reports, [{ source: 'EC2 IMDS' }]);
    assert.equal(evidence.facts.name, 'ip-192-168-23-248.us-east-2.compute.internal');
    assert.ok(changes > 2);
    assert.equal((await source.told)?.identity.facts.region, 'us-east-2');
  });

  it('is not asked on when it is to stop', async () => {
    const stop = new AbortController();
    const { url: endpoint } = await serve(() => undefined);
    const source = followImds({
      endpoint,
      timeoutMs: 60_000,
      retryMs: 60_000,
      signal: stop.signal,
      onChange: () => undefined,
    });

    stop.abort();
    await source.ended;

    assert.equal(await source.told, undefined);
  });
});
