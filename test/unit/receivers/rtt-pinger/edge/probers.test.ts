import assert from 'node:assert/strict';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer as createHttpServer, type RequestListener, type Server } from 'node:http';
import { createServer, type AddressInfo, type Server as TcpServer } from 'node:net';
import { constants } from 'node:os';

import type { Sample } from '../../../../../receivers/rtt-pinger/core/sample.ts';
import { loadLibc, type Libc } from '../../../../../receivers/shared/packets/libc.ts';
import { startUdpResponder } from '../../../../../receivers/shared/packets/udp-responder.ts';
import { inOwnNetwork, mayMakeNetworks } from '../../../../support/own-network.ts';
import { outcomes, probe } from './probing.ts';

const absent = { kind: 'absent', why: 'no koffi' } as const;

describe('probes by TCP', () => {
  it('are timed by the kernel where a server accepts', () =>
    withServer(createServer(), async (port) => {
      const { samples, opened } = await probe('tcp', { address: '127.0.0.1', port, samples: 3 });

      assert.deepEqual(outcomes(samples), ['ok']);
      assert.equal(opened.stamps, 'kernel');
      assert.ok(samples.every((sample) => sample.kind === 'ok' && sample.rttNs > 0));
    }));

  it('reach a server on an IPv6 address', () =>
    withServer(
      createServer(),
      async (port) => {
        const { samples } = await probe('tcp', { address: '::1', port, samples: 1 });

        assert.deepEqual(outcomes(samples), ['ok']);
      },
      '::1',
    ));

  for (const [how, more] of [
    ['timed by the kernel', {}],
    ['timed by the event loop', { libc: absent }],
  ] as const)
    it(`fail where nothing listens, ${how}`, async () => {
      const port = await closedPort();
      const { samples } = await probe('tcp', { address: '127.0.0.1', port, samples: 2 }, more);

      assert.deepEqual(outcomes(samples), ['refused']);
    });

  it('time out where no answer comes', async function () {
    if (!mayMakeNetworks) this.skip();
    await inOwnNetwork(async () => {
      const { samples } = await probe('tcp', { address: '203.0.113.1', port: 80, samples: 1 });

      assert.deepEqual(outcomes(samples), ['timeout']);
    });
  });

  it('are timed by the event loop where the C library cannot be reached, which is told', () =>
    withServer(createServer(), async (port) => {
      const to = { address: '127.0.0.1', port, samples: 2 };
      const { samples, opened } = await probe('tcp', to, { libc: absent });

      assert.deepEqual(outcomes(samples), ['ok']);
      assert.deepEqual([opened.stamps, opened.fallback], ['user', 'no koffi']);
    }));
});

describe('probes by ICMP', () => {
  it('are made by TCP where no ICMP socket is permitted, and a refusal answers then', async function () {
    if (!mayMakeNetworks) this.skip();
    await inOwnNetwork(async () => {
      const to = { address: '198.18.0.1', port: 9, samples: 2 };
      const { samples, opened } = await probe('icmp', to);

      assert.deepEqual(outcomes(samples), ['ok']);
      assert.equal(opened.method, 'tcp-instead');
      assert.match(opened.fallback ?? '', /IPv4: .*EACCES.*IPv6: .*EACCES/);
    }, '1 0');
  });

  it('are timed by the kernel also where TCP stands in for them, unless it is refused', async function () {
    if (!mayMakeNetworks) this.skip();
    await inOwnNetwork(
      () =>
        withServer(
          createServer(),
          async (port) => {
            const accepted = await probe('icmp', { address: '198.18.0.1', port, samples: 3 });
            const refused = await probe('icmp', { address: '198.18.0.1', port: 9, samples: 3 });
            const timedBy = (samples: readonly Sample[]) =>
              samples.map((sample) => (sample.kind === 'ok' ? sample.timedBy : sample.reason));

            assert.equal(accepted.opened.method, 'tcp-instead');
            assert.equal(accepted.opened.stamps, 'kernel');
            assert.deepEqual(timedBy(accepted.samples), [undefined, undefined, undefined]);
            assert.deepEqual(timedBy(refused.samples), ['user', 'user', 'user']);
          },
          '198.18.0.1',
        ),
      '1 0',
    );
  });

  it('go by one family, and say why, where the other is not there', async function () {
    if (!mayMakeNetworks) this.skip();
    const libc = await libcWithoutIpv6('socket');
    await inOwnNetwork(async () => {
      const to = { address: '198.18.0.1', port: 0, samples: 1 };
      const { samples, opened } = await probe('icmp', to, { libc: { kind: 'loaded', libc } });

      assert.deepEqual(outcomes(samples), ['ok']);
      assert.match(opened.fallback ?? '', /^IPv6: icmp socket: EAFNOSUPPORT/);
    });
  });

  it('are told apart where the kernel gives no stamps', async function () {
    if (!mayMakeNetworks) this.skip();
    await inOwnNetwork(async () => {
      const to = { address: '198.18.0.1', port: 0, samples: 2 };
      const { samples, opened } = await probe('icmp', to, { stamps: 'user' });

      assert.deepEqual(outcomes(samples), ['ok']);
      assert.deepEqual([opened.method, opened.stamps], ['icmp', 'user']);
      assert.match(opened.fallback ?? '', /no receive stamps/);
    });
  });
});

describe('probes by UDP', () => {
  for (const address of ['127.0.0.1', '::1'])
    it(`measure both ways to the responder at ${address}, and what it saw`, async () => {
      const responder = await udpResponder();
      const to = { address, port: responder.port, samples: 3 };
      const { samples } = await probe('udp', to).finally(responder.close);
      const ways = samples.map((sample) => (sample.kind === 'ok' ? sample.oneWay : undefined));

      assert.deepEqual(outcomes(samples), ['ok']);
      assert.deepEqual(
        ways.map((way) => [way?.responderSaw, way?.sentSoFar]),
        [
          [1, 1],
          [2, 2],
          [3, 3],
        ],
      );
      for (const way of ways) assert.ok((way?.outNs ?? 0) + (way?.backNs ?? 0) > 0);
    });

  it('say that the kernel gives no stamps', async () => {
    const responder = await udpResponder();
    const to = { address: '127.0.0.1', port: responder.port, samples: 1 };
    const { opened } = await probe('udp', to, { stamps: 'user' }).finally(responder.close);

    assert.equal(opened.fallback, 'the kernel gives no receive stamps');
  });

  it('time out at a port that answers something else', async () => {
    const server = createSocket('udp4', (message, { port }) =>
      server.send(message, port, '127.0.0.1'),
    );
    server.bind(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address();
    const to = { address: '127.0.0.1', port, samples: 1 };
    const { samples } = await probe('udp', to).finally(() => server.close());

    assert.deepEqual(outcomes(samples), ['timeout']);
  });

  for (const [title, refused] of [
    ['was not built in', 'socket'],
    ['is switched off', 'bind'],
  ] as const)
    it(`are answered by IPv4 where IPv6 ${title}`, async () => {
      const responder = await startUdpResponder(await libcWithoutIpv6(refused), 0);
      const to = { address: '127.0.0.1', port: responder.port, samples: 1 };
      const { samples } = await probe('udp', to).finally(responder.close);

      assert.deepEqual(outcomes(samples), ['ok']);
    });

  it('cannot be answered where the port is taken', async () => {
    const responder = await udpResponder();

    await assert.rejects(udpResponder(responder.port), {
      name: 'StartupError',
      message: /EADDRINUSE/,
    });
    responder.close();
  });
});

describe('probes by HTTP', () => {
  it('tell connecting from the first byte', () =>
    withServer(pong(), async (port) => {
      const { samples } = await probe('http', { address: '127.0.0.1', port, samples: 2 });

      for (const sample of samples) {
        assert.equal(sample.kind, 'ok');
        assert.ok(sample.phases?.connectNs);
        assert.equal(sample.rttNs, sample.phases.connectNs + sample.phases.firstByteNs);
      }
    }));

  it('use one connection for all where asked to', async () => {
    const server = pong();
    let connections = 0;
    server.on('connection', () => connections++);
    await withServer(server, async (port) => {
      const { samples } = await probe(
        'http',
        { address: '127.0.0.1', port, samples: 4 },
        { http: { path: '/ping', reuse: true } },
      );
      const connects = samples.map(
        (sample) => sample.kind === 'ok' && sample.phases?.connectNs !== null,
      );

      assert.equal(connections, 1);
      assert.deepEqual(connects, [true, false, false, false]);
    });
  });

  it('open a new connection where the server closed the old one meanwhile', async () => {
    const server = pong();
    server.on('request', ({ socket }, response) => response.on('finish', () => socket.end()));
    await withServer(server, async (port) => {
      const { samples } = await probe(
        'http',
        { address: '127.0.0.1', port, samples: 4 },
        { http: { path: '/ping', reuse: true } },
      );

      assert.deepEqual(outcomes(samples), ['ok']);
    });
  });

  for (const [expected, listener] of [
    ['bad_status', (_, response) => response.writeHead(500).end()],
    ['timeout', () => undefined],
    ['reset', (request) => request.socket.destroy()],
  ] as readonly (readonly [string, RequestListener])[])
    it(`fail with ${expected} at such a server`, () =>
      withServer(createHttpServer(listener), async (port) => {
        const { samples } = await probe('http', { address: '127.0.0.1', port, samples: 1 });

        assert.deepEqual(outcomes(samples), [expected]);
      }));

  it('fail at a server of another protocol', () =>
    withServer(
      createServer((socket) => {
        // The prober goes without having read all.
        socket.on('error', () => undefined);
        socket.end('220 smtp.example ESMTP\r\n');
      }),
      async (port) => {
        const { samples } = await probe('http', { address: '127.0.0.1', port, samples: 1 });

        assert.deepEqual(outcomes(samples), ['bad_answer']);
      },
    ));
});

async function udpResponder(port = 0) {
  const loaded = await loadLibc();
  assert.equal(loaded.kind, 'loaded');
  return startUdpResponder(loaded.libc, port);
}

/** Refuses the call for IPv6 as a kernel without it does. */
async function libcWithoutIpv6(call: 'socket' | 'bind'): Promise<Libc> {
  const loaded = await loadLibc();
  assert.equal(loaded.kind, 'loaded');
  const { libc } = loaded;
  const { EAFNOSUPPORT, EADDRNOTAVAIL } = constants.errno;
  let errno: number | undefined;
  const told = (refused: number | undefined, work: () => number): number => {
    errno = refused;
    return refused === undefined ? work() : -1;
  };
  return {
    ...libc,
    socket: (family, ...more) =>
      told(call === 'socket' && family === 10 ? EAFNOSUPPORT : undefined, () =>
        libc.socket(family, ...more),
      ),
    bind: (fd, address, bytes) =>
      told(call === 'bind' && bytes === 28 ? EADDRNOTAVAIL : undefined, () =>
        libc.bind(fd, address, bytes),
      ),
    errno: () => errno ?? libc.errno(),
  };
}

function pong(): Server {
  return createHttpServer((request, response) =>
    request.url === '/ping' ? response.end('pong\n') : response.writeHead(404).end(),
  );
}

async function withServer(
  server: TcpServer,
  work: (port: number) => Promise<void>,
  host = '127.0.0.1',
): Promise<void> {
  server.listen(0, host);
  await once(server, 'listening');
  try {
    await work((server.address() as AddressInfo).port);
  } finally {
    if ('closeAllConnections' in server) (server as Server).closeAllConnections();
    server.close();
  }
}

async function closedPort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
