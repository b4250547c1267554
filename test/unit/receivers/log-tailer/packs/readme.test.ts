import assert from 'node:assert/strict';
import { z } from 'zod';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { builtInPack, builtInPacks } from '../../../../../receivers/log-tailer/packs/built-in.ts';
import { loadPack } from '../../../../../receivers/log-tailer/packs/load-pack.ts';
import { packFileSchema } from '../../../../../receivers/log-tailer/packs/pack-file.ts';
import { described, readmeOf, type SchemaNode } from '../../../../support/readme.ts';

const readme = readmeOf('log-tailer/packs');
const schema = z.toJSONSchema(packFileSchema, { io: 'input' }) as SchemaNode;
const events = schema.properties?.['events'] as { readonly items: SchemaNode };

describe('README of the packs', () => {
  it('tells what each pack is for, and what it was compared with', () => {
    const known = builtInPacks.map((name) => {
      const { title, evidence, events: own, counters } = builtInPack(name);
      const checked = new Set(evidence.flatMap((each) => each.events)).size;
      const logs = evidence.map(({ of, log }) => `[${of}](${log})`).join('; ');
      const share = `${checked} of ${own.length + counters.length}`;
      return [`\`${name}\``, title, share, logs === '' ? 'unverified' : logs];
    });

    assert.deepEqual(readme.table(['pack', 'for', 'events', 'read in logs of']), known);
  });

  it('tells every key of a pack, and of an event', () => {
    assert.deepEqual(readme.table(['key', 'meaning']), described(schema));
    assert.deepEqual(readme.table(['key of an event', 'meaning']), described(events.items));
  });

  it('shows a pack that is sound', async () => {
    const [, example = ''] = /```yaml\n([\s\S]*?)```/.exec(readme.text) ?? [];
    const folder = mkdtempSync(join(tmpdir(), 'kube-latency-test-'));
    try {
      writeFileSync(join(folder, 'own.yaml'), example);

      assert.equal((await loadPack('./own.yaml', folder)).events.at(-1)?.metric, 'agent_ready');
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
