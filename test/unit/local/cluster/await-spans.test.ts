import assert from 'node:assert/strict';
import { appendFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expectedSenders } from '../../../../local/cluster/arrivals.ts';
import { awaitSpans } from '../../../../local/cluster/await-spans.ts';
import { createLineReader } from '../../../../local/cluster/line-reader.ts';
import { planNodes } from '../../../../local/plan.ts';

const nodes = planNodes(1, '/state');

describe('awaitSpans()', () => {
  let folder = '';
  let spansFile = '';

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'await-spans-'));
    spansFile = join(folder, 'spans.jsonl');
  });

  afterEach(() => rmSync(folder, { recursive: true }));

  function arrive(service: string, node: string): void {
    const attributes = Object.entries({ 'service.name': service, 'k8s.node.name': node }).map(
      ([key, stringValue]) => ({ key, value: { stringValue } }),
    );
    appendFileSync(
      spansFile,
      `${JSON.stringify({ resourceSpans: [{ resource: { attributes } }] })}\n`,
    );
  }

  function wait(signal: AbortSignal): Promise<void> {
    return awaitSpans({
      nodes,
      spans: createLineReader(spansFile),
      progress() {},
      signal,
      restartContainerd: async () => {},
    });
  }

  it('resolves when every component of every node has sent something', async () => {
    const waiting = wait(new AbortController().signal);
    for (const { service, node } of expectedSenders(nodes)) arrive(service, node.name);

    await waiting;
  });

  it('goes on waiting while one component is silent', async () => {
    const [first, ...others] = expectedSenders(nodes);
    for (const { service, node } of others) arrive(service, node.name);
    const stop = new AbortController();

    const waiting = wait(stop.signal);
    stop.abort();

    assert.ok(first);
    await assert.rejects(waiting, { name: 'AbortError' });
  });
});
