import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';

import { startPageServer } from '../../../../cli/view/page-server.ts';
import { StartupError } from '../../../../receivers/shared/errors.ts';

const never = (problem: string): void => assert.fail(problem);

describe('startPageServer()', () => {
  it('hands each connection on, and ends all when it is closed', async () => {
    const server = await startPageServer({
      port: 0,
      failed: never,
      carry: (socket) => {
        socket.pipe(socket);
        return Promise.resolve();
      },
    });
    const client = connect(server.port, '127.0.0.1');
    const ended = once(client, 'close');
    client.write('hello');

    const [answer] = (await once(client, 'data')) as [Buffer];
    await server.close();
    await ended;

    assert.equal(answer.toString(), 'hello');
  });

  it('ends a connection that cannot be carried, says why, and takes the next', async () => {
    const problems: string[] = [];
    const server = await startPageServer({
      port: 0,
      failed: (problem) => problems.push(problem),
      carry: () => Promise.reject(new Error('no gateway')),
    });

    for (let n = 0; n < 2; n++) await once(connect(server.port, '127.0.0.1'), 'close');
    await server.close();

    assert.deepEqual(problems, ['no gateway', 'no gateway']);
  });

  it('refuses a port that is taken', async () => {
    const options = { failed: never, carry: () => Promise.resolve() };
    const server = await startPageServer({ port: 0, ...options });

    await assert.rejects(
      startPageServer({ port: server.port, ...options }),
      (error) => error instanceof StartupError && /EADDRINUSE/.test(error.message),
    );
    await server.close();
  });
});
