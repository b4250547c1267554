import assert from 'node:assert/strict';
import { setTimeout as wait } from 'node:timers/promises';

import type { Sample } from '../../../../../receivers/rtt-pinger/core/sample.ts';
import { wantedOf } from '../../../../../receivers/rtt-pinger/core/target.ts';
import { createIcmpProber } from '../../../../../receivers/rtt-pinger/edge/icmp-prober.ts';
import {
  createProbeLoop,
  type ProbeLoop,
} from '../../../../../receivers/rtt-pinger/edge/probe-loop.ts';
import { openEchoSocket } from '../../../../../receivers/shared/packets/echo-socket.ts';
import { loadLibc, type Libc } from '../../../../../receivers/shared/packets/libc.ts';
import { until } from '../../../../support/until.ts';
import { inOwnNetwork, mayMakeNetworks } from '../../../../support/own-network.ts';
import { peer } from '../peers.ts';

describe('ICMP probes in a loop', function () {
  let libc: Libc;

  before(async function () {
    if (!mayMakeNetworks) this.skip();
    const loaded = await loadLibc();
    assert.equal(loaded.kind, 'loaded');
    libc = loaded.libc;
  });

  it('reach peers of both families again and again', () =>
    inOwnNetwork(async () => {
      const { samples, loop, end } = pinging(['198.18.0.1', '2001:2::1']);
      loop.start();
      await until(
        () => answeredBy(samples, '198.18.0.1') >= 3 && answeredBy(samples, '2001:2::1') >= 3,
      );
      end();

      assert.deepEqual([...new Set(samples.map(({ kind }) => kind))], ['ok']);
    }));

  it('time out where no answer comes', () =>
    inOwnNetwork(async () => {
      const { samples, loop, end } = pinging(['203.0.113.7']);
      loop.start();
      await until(() => samples.length >= 2);
      end();

      assert.deepEqual([...new Set(reasons(samples))], ['timeout']);
    }));

  it('tell what has no route, no socket of its family or no address', () =>
    inOwnNetwork(async () => {
      const { samples, loop, end } = pinging(['192.0.2.1', 'not an address']);
      loop.start();
      await until(() => new Set(samples.map(({ target }) => target.peer.name)).size === 2);
      end();

      assert.deepEqual(new Set(reasons(samples)), new Set(['unreachable', 'no_address']));
    }));

  it('end with their peer, and begin with a new one, while the others go on', () =>
    inOwnNetwork(async () => {
      const { samples, loop, end } = pinging(['198.18.0.1', '203.0.113.7']);
      loop.start();
      await until(() => samples.length >= 4);
      loop.follow(targets(['198.18.0.1', '127.0.0.1']));
      samples.length = 0;
      await until(() => answeredBy(samples, '127.0.0.1') >= 2);
      end();

      assert.equal(loop.state().targets, 2);
      assert.equal(answeredBy(samples, '198.18.0.1') > 0, true);
      assert.deepEqual(reasons(samples), []);
    }));

  it('are flagged when the event loop was held up, with the value that the kernel measured', () =>
    inOwnNetwork(async () => {
      const { samples, loop, end } = pinging(['198.18.0.1']);
      loop.start();
      await until(() => samples.length >= 1);
      samples.length = 0;
      const endMs = performance.now() + 60;
      while (performance.now() < endMs);
      await until(() => samples.length >= 1);
      end();

      assert.equal(samples[0]?.late, true);
      assert.ok(loop.state().lateTurns >= 1);
    }));

  it('are sent no more once the loop is stopped', () =>
    inOwnNetwork(async () => {
      const { samples, loop, end } = pinging(['198.18.0.1']);
      loop.start();
      await until(() => samples.length >= 1);
      end();
      const before = samples.length;
      await wait(50);

      assert.equal(samples.length, before);
    }));

  function pinging(addresses: readonly string[]): {
    samples: Sample[];
    loop: ProbeLoop;
    end: () => void;
  } {
    const samples: Sample[] = [];
    const [four, six] = ([4, 6] as const).map((family) => {
      const answer = openEchoSocket(libc, { family });
      assert.equal(answer.kind, 'open');
      return answer.socket;
    });
    assert.ok(four && six);
    const prober = createIcmpProber({
      sockets: { 4: four, 6: six },
      timeoutMs: 400,
      onSample: (sample) => samples.push(sample),
    });
    const loop = createProbeLoop({
      rhythm: { intervalMs: 16, jitter: 0.05, random: Math.random },
      probers: { icmp: prober },
      lateMs: 10,
    });
    loop.follow(targets(addresses));
    return {
      samples,
      loop,
      end: () => {
        loop.stop();
        prober.close();
      },
    };
  }
});

function targets(addresses: readonly string[]) {
  return addresses.map((address) => wantedOf(peer(address, address), 'icmp', 0));
}

function answeredBy(samples: readonly Sample[], address: string): number {
  return samples.filter(({ kind, target }) => kind === 'ok' && target.peer.address === address)
    .length;
}

function reasons(samples: readonly Sample[]): string[] {
  return samples.flatMap((sample) => (sample.kind === 'failed' ? [sample.reason] : []));
}
