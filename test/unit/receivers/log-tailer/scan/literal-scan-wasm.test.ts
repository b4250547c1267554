import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { literalScanModule } from '../../../../../build/literal-scan-module.ts';

const folder = new URL('../../../../../receivers/log-tailer/scan/', import.meta.url);
const read = (name: string) => readFileSync(new URL(name, folder), 'utf8');

describe('literal-scan-wasm.ts', () => {
  it('is what literal-scan.wat assembles to', async () => {
    const assembled = await literalScanModule(read('literal-scan.wat'));

    assert.equal(read('literal-scan-wasm.ts'), assembled);
  });
});
