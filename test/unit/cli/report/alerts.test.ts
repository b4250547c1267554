import assert from 'node:assert/strict';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { readAlerts } from '../../../../cli/report/source/alerts.ts';

const { signal } = new AbortController();

describe('readAlerts()', () => {
  let server: Server;
  let answer: { status: number; body: string };
  let asked: string[];
  let address: URL;

  before((done) => {
    server = createServer((request, response) => {
      asked.push(request.url ?? '');
      response.writeHead(answer.status).end(answer.body);
    }).listen(0, '127.0.0.1', () => {
      address = new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/prometheus`);
      done();
    });
  });
  beforeEach(() => {
    asked = [];
  });
  after((done) => {
    server.close(done);
  });

  it('tells those that fire first, below the path of the address', async () => {
    const told = (alertname: string, state: string, activeAt: string): unknown => ({
      labels: { alertname, node: 'n' },
      annotations: { summary: `${alertname}!` },
      state,
      activeAt,
    });
    const alerts = [
      told('B', 'pending', '2026-01-01T00:00:00Z'),
      told('A', 'firing', '2026-01-02T00:00:00Z'),
    ];
    answer = { status: 200, body: JSON.stringify({ status: 'success', data: { alerts } }) };

    const part = await readAlerts(address, signal);

    assert.deepEqual(asked, ['/prometheus/api/v1/alerts']);
    assert.ok(part.kind === 'read');
    assert.deepEqual(
      part.value.map(({ name, state, summary }) => [name, state, summary]),
      [
        ['A', 'firing', 'A!'],
        ['B', 'pending', 'B!'],
      ],
    );
    assert.deepEqual(part.value[0]?.labels, { node: 'n' });
  });

  const faults = [
    {
      name: 'a status other than 200',
      answer: { status: 503, body: '' },
      why: /expected HTTP status 200, got 503/,
    },
    {
      name: 'what is no JSON',
      answer: { status: 200, body: '<html>' },
      why: /api\/v1\/alerts: .*JSON/,
    },
    {
      name: 'JSON of something else',
      answer: { status: 200, body: '{}' },
      why: /expected the alerts of a Prometheus/,
    },
  ];
  for (const fault of faults)
    it(`says why there are none for ${fault.name}`, async () => {
      answer = fault.answer;
      const part = await readAlerts(address, signal);

      assert.ok(part.kind === 'missing');
      assert.match(part.why, fault.why);
    });
});
