import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileSource } from '../../../../../cli/rtt/source/file-source.ts';
import { httpSource } from '../../../../../cli/rtt/source/http-source.ts';
import { meshReport } from '../../../../support/mesh-report.ts';

const { signal } = new AbortController();
const report = meshReport({ nodes: 3 });

describe('httpSource()', () => {
  let server: Server;
  let address: URL;
  let answer: RequestListener;

  beforeEach(async () => {
    server = createServer((request, response) => answer(request, response));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    address = new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  });

  afterEach(() => {
    server.closeAllConnections();
    server.close();
  });

  it('reads /matrix of an aggregator, and keeps what it does not know', async () => {
    const raw = { ...report, newer: true };
    let asked: string | undefined;
    answer = ({ url }, response) => {
      asked = url;
      response.end(JSON.stringify(raw));
    };

    const read = await httpSource(address).read(signal);

    assert.equal(asked, '/matrix');
    assert.deepEqual(read, { kind: 'read', report, raw });
  });

  it('asks for another path where the address has one', async () => {
    answer = ({ url }, response) =>
      response.writeHead(url === '/mesh/matrix' ? 200 : 404).end(JSON.stringify(report));

    const read = await httpSource(new URL('/mesh/matrix', address)).read(signal);

    assert.equal(read.kind, 'read');
  });

  const failures: { what: string; answers: RequestListener; problem: RegExp }[] = [
    {
      what: 'another status',
      answers: (_, response) => response.writeHead(503).end('starting'),
      problem: /\/matrix: expected HTTP status 200, got 503$/,
    },
    {
      what: 'a page',
      answers: (_, response) => response.end('<html>'),
      problem:
        /expected the JSON of a mesh's matrix, as kube-latency rtt --json prints it, got "<html>"$/,
    },
    {
      what: 'nothing',
      answers: (_, response) => response.end(),
      problem:
        /expected the JSON of a mesh's matrix, as kube-latency rtt --json prints it, got nothing$/,
    },
    {
      what: 'another shape',
      answers: (_, response) => response.end('{"version":1}'),
      problem: /at protocol expected string, got nothing \(and \d+ more\)$/,
    },
    {
      what: 'half an answer',
      answers: (request, response) => {
        response.writeHead(200, { 'content-length': '100' }).write('{');
        request.socket.end();
      },
      problem: /^reading the matrix from http:.*: \w+/,
    },
  ];
  for (const { what, answers, problem } of failures) {
    it(`says so when it gets ${what}`, async () => {
      answer = answers;

      const read = await httpSource(address).read(signal);

      assert.equal(read.kind, 'failed');
      assert.match(read.problem, problem);
    });
  }

  it('says so when nobody listens', async () => {
    server.close();

    const read = await httpSource(address).read(signal);

    assert.equal(read.kind, 'failed');
    assert.match(read.problem, /ECONNREFUSED/);
  });

  it('ends with the signal', async () => {
    const stop = new AbortController();
    answer = () => stop.abort(new Error('stopped by SIGINT'));

    await assert.rejects(httpSource(address).read(stop.signal), /stopped by SIGINT/);
  });
});

describe('fileSource()', () => {
  let folder: string;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'kube-latency-rtt-'));
  });

  after(() => rm(folder, { recursive: true }));

  it('reads a saved report', async () => {
    const path = join(folder, 'mesh.json');
    await writeFile(path, JSON.stringify(report));

    assert.deepEqual(await fileSource(path).read(signal), { kind: 'read', report, raw: report });
  });

  it('says so when there is none, or something else', async () => {
    const path = join(folder, 'broken.json');
    await writeFile(path, JSON.stringify(report).slice(0, -3));

    const missing = await fileSource(join(folder, 'none.json')).read(signal);
    const broken = await fileSource(path).read(signal);

    assert.ok(missing.kind === 'failed' && broken.kind === 'failed');
    assert.match(missing.problem, /^reading the matrix from .*none\.json: ENOENT/);
    assert.match(
      broken.problem,
      /broken\.json: expected the JSON of a mesh's matrix, as kube-latency rtt --json prints it, got "\{/,
    );
  });
});
