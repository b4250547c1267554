import assert from 'node:assert/strict';

import { configSchema } from '../../../../receivers/rtt-pinger/schema.ts';
import { settingsOf } from '../../../../receivers/rtt-pinger/settings.ts';

describe('settingsOf()', () => {
  const fixed = [
    { name: 'worker', address: '192.0.2.1', zone: 'east', rack: 'r1' },
    { name: 'web-0', address: '192.0.2.2', port: 80, namespace: 'shop', pod: 'web-0' },
  ];
  const config = configSchema.parse({
    interval: '2s',
    peers: { static: fixed, file: 'peers.json' },
  });

  it('has static peers as peers: a node by its name, a pod on a node that is not known', () => {
    assert.deepEqual(settingsOf(config).peers.static, [
      {
        id: 'static/worker',
        name: 'worker',
        address: '192.0.2.1',
        port: 0,
        node: 'worker',
        zone: 'east',
        rack: 'r1',
        namespace: '',
        pod: '',
      },
      {
        id: 'static/web-0',
        name: 'web-0',
        address: '192.0.2.2',
        port: 80,
        node: '',
        zone: '',
        rack: '',
        namespace: 'shop',
        pod: 'web-0',
      },
    ]);
  });

  it('leaves all else as it is configured', () => {
    const { peers, ...others } = settingsOf(config);
    const { peers: configured, ...rest } = config;

    assert.deepEqual(others, rest);
    assert.equal(peers.file, configured.file);
  });
});
