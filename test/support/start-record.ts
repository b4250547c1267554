import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import type { Finished } from './command.ts';
import type { HostSnapshot } from './host-snapshot.ts';

/** What the machine looked like before the cluster, and what the `npm start` that made it printed. */
export interface StartRecord {
  readonly before: HostSnapshot;
  readonly started: Finished;
}

export async function startRecord(): Promise<StartRecord> {
  const path = process.env.KUBE_LATENCY_E2E_RECORD;
  assert.ok(path, 'KUBE_LATENCY_E2E_RECORD names no file; run by `npm run test:e2e`');
  return JSON.parse(await readFile(path, 'utf8')) as StartRecord;
}
