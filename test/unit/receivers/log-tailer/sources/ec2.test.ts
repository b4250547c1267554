import assert from 'node:assert/strict';
import type { ServerResponse } from 'node:http';

import { AwsV4Signer } from 'aws4fetch';

import { followEc2 } from '../../../../../receivers/log-tailer/sources/ec2/follow.ts';
import { startHttpServer, type HttpServer, type TakenRequest } from './http-server.ts';

const keys = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'wJalrXUtnFEMI', sessionToken: 'tok' };
const ns = 'xmlns="http://ec2.amazonaws.com/doc/2016-11-15/"';
const xml = '<?xml version="1.0" encoding="UTF-8"?>\n';

const answers: Record<string, string> = {
  DescribeTags: `${xml}<DescribeTagsResponse ${ns}><requestId>1</requestId><tagSet><item>
    <resourceId>i-0681ec41ddb32ba4e</resourceId><resourceType>instance</resourceType>
    <key>aws:ec2:fleet-id</key><value>fleet-1a2b</value></item></tagSet></DescribeTagsResponse>`,
  DescribeFleets: `${xml}<DescribeFleetsResponse ${ns}><fleetSet><item>
    <createTime>2022-11-28T02:58:49.000Z</createTime><fleetId>fleet-1a2b</fleetId>
    </item></fleetSet></DescribeFleetsResponse>`,
  DescribeInstances: `${xml}<DescribeInstancesResponse ${ns}><reservationSet><item><instancesSet>
    <item><instanceId>i-0681ec41ddb32ba4e</instanceId></item>
    </instancesSet></item></reservationSet></DescribeInstancesResponse>`,
};
const none = (action: string, set: string) =>
  `${xml}<${action}Response ${ns}><${set}/></${action}Response>`;

describe('the API of EC2', () => {
  let server: HttpServer;
  let told: Record<string, string>;
  let status: number;

  beforeEach(async () => {
    told = { ...answers };
    status = 200;
    server = await startHttpServer(answer);
  });
  afterEach(() => server.stop());

  function answer({ body }: TakenRequest, response: ServerResponse): void {
    const action = new URLSearchParams(body).get('Action') ?? '';
    response.writeHead(status, { 'content-type': 'text/xml' }).end(told[action]);
  }

  async function asked(machine: { instanceId?: string; nodeName?: string } = {}) {
    const { instanceId, nodeName } = machine;
    const source = followEc2({
      machine: Promise.resolve({ instanceId, nodeName, region: 'us-east-2' }),
      endpoint: server.url,
      keys: () => Promise.resolve(() => Promise.resolve(keys)),
      timeoutMs: 2000,
      retryMs: 1,
      signal: new AbortController().signal,
      onChange: () => undefined,
    });
    await source.ended;
    return source.evidence();
  }

  const bodies = () =>
    server.taken.map(({ body }) => Object.fromEntries(new URLSearchParams(body)));

  it('tells when the fleet of the machine was created', async () => {
    const { occurrences, reports } = await asked({ instanceId: 'i-0681ec41ddb32ba4e' });

    assert.deepEqual(occurrences, [
      {
        event: 'fleet_requested',
        source: 'EC2',
        atUnixNs: 1_669_604_329_000_000_000n,
        precisionNs: 1e9,
      },
    ]);
    assert.deepEqual(reports, [{ source: 'EC2' }]);
    assert.deepEqual(bodies(), [
      {
        Action: 'DescribeTags',
        Version: '2016-11-15',
        'Filter.1.Name': 'resource-id',
        'Filter.1.Value.1': 'i-0681ec41ddb32ba4e',
        'Filter.2.Name': 'key',
        'Filter.2.Value.1': 'aws:ec2:fleet-id',
      },
      { Action: 'DescribeFleets', Version: '2016-11-15', 'FleetId.1': 'fleet-1a2b' },
    ]);
  });

  it('is asked with signed requests, which hold for what was sent alone', async () => {
    await asked({ instanceId: 'i-0681ec41ddb32ba4e' });

    const [request] = server.taken;
    const { authorization = '', 'x-amz-date': datetime = '', ...headers } = request?.headers ?? {};
    assert.equal(headers['x-amz-security-token'], 'tok');
    const signed = await new AwsV4Signer({
      ...keys,
      method: 'POST',
      url: server.url.href,
      headers: { 'content-type': headers['content-type'] ?? '' },
      body: request?.body ?? '',
      service: 'ec2',
      region: 'us-east-2',
      datetime: String(datetime),
    }).sign();
    assert.equal(authorization, signed.headers.get('authorization'));
    assert.match(
      authorization,
      /^AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE\/\d{8}\/us-east-2\/ec2\//,
    );
  });

  for (const [what, machine, actions] of [
    ['in the name of the node', { nodeName: 'i-0681ec41ddb32ba4e.us-east-2.compute.internal' }, 2],
    ['by its private DNS name', { nodeName: 'ip-192-168-23-248.us-east-2.compute.internal' }, 3],
  ] as const)
    it(`finds the machine ${what}`, async () => {
      const { occurrences, facts } = await asked(machine);

      assert.equal(occurrences.length, 1);
      assert.equal(facts.instanceId, 'i-0681ec41ddb32ba4e');
      assert.equal(server.taken.length, actions);
    });

  for (const [what, machine, action, set, says] of [
    [
      'is of no fleet',
      { instanceId: 'i-1' },
      'DescribeTags',
      'tagSet',
      'instance i-1 has no tag aws:ec2:fleet-id',
    ],
    [
      'was of a fleet that is gone',
      { instanceId: 'i-1' },
      'DescribeFleets',
      'fleetSet',
      'there is no fleet fleet-1a2b any more',
    ],
    [
      'is not known by its name',
      { nodeName: 'worker-1' },
      'DescribeInstances',
      'reservationSet',
      'no running instance has the private DNS name worker-1',
    ],
  ] as const)
    it(`says that the machine ${what}, and is not asked again`, async () => {
      told[action] = none(action, set);

      const { occurrences, reports } = await asked(machine);

      assert.deepEqual([occurrences, reports], [[], [{ source: 'EC2', problem: says }]]);
      assert.ok(server.taken.length <= 2);
    });

  it('says what EC2 refuses, after a few attempts', async () => {
    status = 403;
    told['DescribeTags'] =
      `${xml}<Response><Errors><Error><Code>UnauthorizedOperation</Code><Message>You are not authorized</Message></Error></Errors></Response>`;

    const { reports } = await asked({ instanceId: 'i-1' });

    assert.equal(
      reports[0]?.problem,
      'DescribeTags: UnauthorizedOperation: You are not authorized',
    );
    assert.equal(server.taken.length, 6);
  });

  for (const [what, text, says] of [
    ['no XML', 'hello', /^DescribeTags: expected XML, got "hello"$/],
    ['broken XML', '<a><b></a>', /^DescribeTags: expected XML, got "<a><b><\/a>"$/],
    ['nothing', '', /^DescribeTags: expected XML, got ""$/],
  ] as const)
    it(`says that it answered ${what}`, async () => {
      told['DescribeTags'] = text;

      const { reports } = await asked({ instanceId: 'i-1' });

      assert.match(reports[0]?.problem ?? '', says);
    });

  it('says that there are no keys', async () => {
    const source = followEc2({
      machine: Promise.resolve({ instanceId: 'i-1', nodeName: undefined, region: 'us-east-2' }),
      endpoint: server.url,
      keys: () => Promise.resolve(() => Promise.reject(new Error('no credentials were found'))),
      timeoutMs: 2000,
      retryMs: 1,
      signal: new AbortController().signal,
      onChange: () => undefined,
    });
    await source.ended;

    assert.equal(source.evidence().reports[0]?.problem, 'DescribeTags: no credentials were found');
    assert.deepEqual(server.taken, []);
  });

  it('is not asked while the machine is not known', async () => {
    const source = followEc2({
      machine: Promise.resolve(undefined),
      endpoint: server.url,
      timeoutMs: 2000,
      retryMs: 1,
      signal: new AbortController().signal,
      onChange: () => undefined,
    });
    await source.ended;

    assert.equal(source.evidence().reports[0]?.problem, 'the machine is not known');
    assert.deepEqual(server.taken, []);
  });
});
