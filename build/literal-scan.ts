/** `node build/literal-scan.ts`: assembles the scan for literals from its text. */
import { readFile, writeFile } from 'node:fs/promises';
import { literalScanModule } from './literal-scan-module.ts';

const folder = new URL('../receivers/log-tailer/scan/', import.meta.url);
const text = await readFile(new URL('literal-scan.wat', folder), 'utf8');
await writeFile(new URL('literal-scan-wasm.ts', folder), await literalScanModule(text));
