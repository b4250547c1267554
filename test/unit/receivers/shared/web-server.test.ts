import assert from 'node:assert/strict';
import { get } from 'node:http';

import {
  startWebServer,
  streamText,
  type WebServer,
} from '../../../../receivers/shared/web-server.ts';
import { until } from '../../../support/until.ts';

describe('streamText', () => {
  let server: WebServer;
  afterEach(() => server.close());

  function serve(text: () => Iterable<string>): Promise<WebServer> {
    return startWebServer(0, { '/': (_, response) => streamText(response, 'text/plain', text()) });
  }

  it('lets others have their turn after each millisecond of work', async () => {
    let turns = 0;
    let counting = true;
    const count = (): void => {
      turns++;
      if (counting) setImmediate(count);
    };
    server = await serve(function* work() {
      for (let piece = 0; piece < 30; piece++) {
        const untilMs = performance.now() + 1.1;
        while (performance.now() < untilMs);
        // What has no text takes time, too.
        yield piece % 3 === 0 ? `${piece} ` : '';
      }
    });
    setImmediate(count);
    const before = turns;
    const text = await (await fetch(`http://127.0.0.1:${server.port}/`)).text();
    counting = false;

    assert.equal(text, '0 3 6 9 12 15 18 21 24 27 ');
    assert.ok(turns - before >= 30, `${turns - before} turns`);
  });

  it('makes no more than is taken, and nothing more once whoever asked has left', async () => {
    let made = 0;
    let ended = false;
    server = await serve(function* endless() {
      try {
        for (; ; made++) yield 'x'.repeat(100_000);
      } finally {
        ended = true;
      }
    });
    const request = get(`http://127.0.0.1:${server.port}/`, (response) => response.pause());
    request.on('error', () => {});
    await until(() => made > 0);
    for (let last = -1; last !== made;) {
      last = made;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }

    assert.ok(made < 300, `${made} pieces`);

    request.destroy();
    await until(() => ended);
  });
});
