import assert from 'node:assert/strict';

import {
  joinedPeers,
  parsePeersFile,
} from '../../../../../receivers/rtt-pinger/core/peers-file.ts';

const file = (endpointsMap: unknown, pollingPeriod: unknown) =>
  JSON.stringify({ endpointsMap, pollingPeriod });

describe('parsePeersFile', () => {
  it('reads peers by name and the period in nanoseconds', () => {
    const parsed = parsePeersFile(file({ 'web-0': { ip: '192.0.2.7', port: '8080' } }, 5e9));

    assert.equal(parsed.kind, 'ok');
    assert.equal(parsed.file.intervalMs, 5000);
    assert.deepEqual(
      parsed.file.peers.map(({ name, address, port, pod }) => [name, address, port, pod]),
      [['web-0', '192.0.2.7', 8080, 'web-0']],
    );
  });

  it('reads the namespace of a peer that is called by it, and keeps its whole name', () => {
    const parsed = parsePeersFile(file({ 'b/web-0': { ip: '192.0.2.7', port: '8080' } }, 5e9));

    assert.equal(parsed.kind, 'ok');
    assert.deepEqual(
      parsed.file.peers.map(({ name, namespace, pod }) => [name, namespace, pod]),
      [['b/web-0', 'b', 'web-0']],
    );
  });

  const web = { web: { ip: '2001:db8::1', port: '80' } };
  for (const [title, text, problem] of [
    ['a file that is half written', file(web, 1e9).slice(0, 30), /not JSON/],
    ['an empty file', '', /not JSON/],
    ['a period of 0', file(web, 0), /pollingPeriod: expected nanoseconds/],
    ['a negative period', file(web, -5e9), /pollingPeriod/],
    ['a huge period', file(web, 1e18), /pollingPeriod/],
    ['no period', JSON.stringify({ endpointsMap: web }), /pollingPeriod/],
    [
      'a bad address',
      file({ web: { ip: 'worker', port: '80' } }, 1e9),
      /endpointsMap.web.ip: expected an IP address/,
    ],
    [
      'an address with a zone',
      file({ web: { ip: 'fe80::1%eth0', port: '80' } }, 1e9),
      /^endpointsMap.web.ip: expected an IP address without a zone such as %eth0, got "fe80::1%eth0"$/,
    ],
    ['a bad port', file({ web: { ip: '192.0.2.1', port: '99999' } }, 1e9), /endpointsMap.web.port/],
    [
      'an unknown key',
      JSON.stringify({ endpointsMap: web, pollingPeriod: 1e9, extra: 1 }),
      /extra/,
    ],
    ['another kind of value', '[]', /expected object/i],
  ] as const)
    it(`refuses ${title}`, () => {
      const parsed = parsePeersFile(text);

      assert.equal(parsed.kind, 'invalid');
      assert.match(parsed.problem, problem);
    });
});

describe('joinedPeers', () => {
  const peers = (names: readonly string[], intervalMs: number) => {
    const entries = names.map((name) => [name, { ip: '192.0.2.7', port: '1' }]);
    const parsed = parsePeersFile(file(Object.fromEntries(entries), intervalMs * 1e6));
    assert.equal(parsed.kind, 'ok');
    return parsed.file;
  };

  it('is one list of several files, each peer once, at the interval of the first', () => {
    const joined = joinedPeers([peers(['a', 'b'], 1000), peers(['b', 'c'], 2000)]);

    assert.deepEqual(
      joined.peers.map(({ name }) => name),
      ['a', 'b', 'c'],
    );
    assert.equal(joined.intervalMs, 1000);
  });

  it('has no peers and no interval where there is no file', () => {
    assert.deepEqual(joinedPeers([]), { peers: [], intervalMs: undefined });
  });
});
