import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runCommandLine } from '../../../../cli/run.ts';
import { recordedContext } from '../context.ts';
import { startFakeViewer, type FakeViewer } from '../fake-viewer.ts';

const traceId = '0af7651916cd43dd8448eb211c80319c';

const spanData = {
  spanID: 'b7ad6b7169203331',
  parentSpanID: null,
  name: 'prober.main',
  kind: 'Internal',
  startTime: '1795251444680000000',
  endTime: '1795251446523000000',
  attributes: [],
  events: [],
  links: [],
  resource: { attributes: [{ key: 'service.name', value: 'pod-prober', type: 'string' }] },
  statusCode: 'Ok',
  statusMessage: '',
};

describe('kube-latency trace', () => {
  let viewer: FakeViewer;
  let folder: string;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'kube-latency-trace-'));
    const result = { traceID: traceId, spans: [{ spanData }] };
    viewer = await startFakeViewer({ searchSpans: { result } });
  });

  after(async () => {
    await viewer.close();
    await rm(folder, { recursive: true });
  });

  async function trace(...options: readonly string[]) {
    const context = recordedContext();
    const args = ['trace', traceId, '--backend', viewer.url.href, ...options];
    return { code: await runCommandLine(args, '1.2.3', context), ...context.printed };
  }

  it('prints a page', async () => {
    const { code, out } = await trace('--output', 'html');

    assert.equal(code, 0);
    assert.match(out.join('\n'), /^<!doctype html>[^]*<title>prober\.main[^]*<\/html>$/);
  });

  for (const output of ['waterfall', 'json', 'html']) {
    it(`writes to a file what it would print as ${output}`, async () => {
      const file = join(folder, output);
      const printed = await trace('--output', output);

      const { code, out, err } = await trace('--output', output, '--file', file);

      assert.equal(code, 0);
      assert.deepEqual(out, []);
      assert.deepEqual(err, [`trace ${traceId} is in ${file}`]);
      assert.equal(await readFile(file, 'utf8'), `${printed.out.join('\n')}\n`);
    });
  }

  it('fails with one line where the file cannot be written', async () => {
    const { code, out, err } = await trace('--file', join(folder, 'none', 'trace.txt'));

    assert.equal(code, 1);
    assert.deepEqual(out, []);
    assert.equal(err.length, 1);
    assert.match(err[0] ?? '', /writing the trace to .*none\/trace\.txt: ENOENT/);
  });
});
