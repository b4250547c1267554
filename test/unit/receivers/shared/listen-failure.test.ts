import assert from 'node:assert/strict';

import { startWebServer } from '../../../../receivers/shared/web-server.ts';

describe('startWebServer', () => {
  it('says what to do about a port that another program has', async () => {
    const first = await startWebServer(0, {});
    try {
      await assert.rejects(startWebServer(first.port, {}), {
        name: 'StartupError',
        message: new RegExp(
          `^listening on port ${first.port}: .*EADDRINUSE.*; end the program that has it, or give another in the configuration$`,
        ),
      });
    } finally {
      await first.close();
    }
  });
});
