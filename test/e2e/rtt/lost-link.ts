import assert from 'node:assert/strict';
import { start } from '../../support/command.ts';

const table = 'kube_latency_e2e_rtt';

/**
 * Drops echo requests that a node forwards from its pods to an address, without a word; its replies go on. Only a worker has a
 * network of its own. Resolves with what takes that back.
 */
export async function dropEchoRequests(netns: string, to: string): Promise<() => Promise<void>> {
  const rule = `ip daddr ${to} icmp type echo-request drop`;
  await inside(
    netns,
    `table ip ${table} { chain f { type filter hook forward priority -300; ${rule}; }; }`,
  );
  return () => inside(netns, `delete table ip ${table}`);
}

async function inside(netns: string, commands: string): Promise<void> {
  const { code, stderr } = await start('nsenter', [`--net=${netns}`, '--', 'nft', commands])
    .finished;
  assert.equal(code, 0, stderr);
}
