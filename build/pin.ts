/** `npm run pin`: writes the digests of the base images beside their tags; exit 1, nothing changed, when one cannot be had. */
import { resolve } from 'node:path';
import { pin } from './pin/pin.ts';

const stop = new AbortController();
process.on('SIGINT', () => stop.abort(new Error('stopped by SIGINT')));

const result = await pin(resolve(import.meta.dirname, '..'), stop.signal);
switch (result.kind) {
  case 'pinned':
    for (const [image, digest] of result.digests)
      console.log(`${image.replace(/@.*$/, '')} ${digest}`);
    break;
  case 'failed':
    for (const problem of result.problems) console.error(`pin: ${problem}`);
    console.error('pin: nothing was changed');
    process.exitCode = 1;
}
