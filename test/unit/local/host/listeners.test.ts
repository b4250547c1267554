import assert from 'node:assert/strict';
import { parseListeners, portConflicts } from '../../../../local/host/listeners.ts';

const header =
  '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode';

function line(address: string, port: string, state: string, inode: number): string {
  const remote = '0'.repeat(address.length);
  return `   0: ${address}:${port} ${remote}:0000 ${state} 00000000:00000000 00:00000000 00000000     0        0 ${inode} 1 0000000000000000 100 0 0 10 0`;
}

describe('parseListeners()', () => {
  it('reads addresses, ports and inodes of listening sockets and skips connected ones', () => {
    const text = [
      header,
      line('0100007F', '1F40', '0A', 4711),
      line('0100E70A', '192B', '01', 4712),
      '',
    ];

    assert.deepEqual(parseListeners(text.join('\n')), [
      { address: '127.0.0.1', port: 8000, inode: '4711' },
    ]);
  });

  for (const [name, hex, address] of [
    ['all IPv4 addresses', '00000000', '0.0.0.0'],
    ['all IPv6 addresses', '00000000000000000000000000000000', '::'],
    ['an IPv4 address in an IPv6 socket', '0000000000000000FFFF00000100E70A', '::ffff:10.231.0.1'],
  ] as const)
    it(`reads ${name}`, () => {
      const text = [header, line(hex, '192B', '0A', 1)].join('\n');

      assert.equal(parseListeners(text)[0]?.address, address);
    });

  it('is empty for a table without sockets', () => {
    assert.deepEqual(parseListeners(`${header}\n`), []);
  });
});

describe('portConflicts()', () => {
  const use = { address: '10.231.0.1', port: 6443, component: 'kube-apiserver' };

  for (const address of ['10.231.0.1', '0.0.0.0', '::', '::ffff:10.231.0.1'])
    it(`sees a listener on ${address}`, () => {
      const listener = { address, port: 6443, inode: '1' };

      assert.deepEqual(portConflicts([use], [listener]), [{ use, listener }]);
    });

  for (const [name, listener] of [
    ['another address', { address: '127.0.0.1', port: 6443, inode: '1' }],
    ['another port', { address: '10.231.0.1', port: 6444, inode: '1' }],
  ] as const)
    it(`does not mind a listener on ${name}`, () => {
      assert.deepEqual(portConflicts([use], [listener]), []);
    });
});
