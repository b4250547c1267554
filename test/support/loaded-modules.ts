/** Preloaded into a program (`--import`): when it ends it prints on stderr, as one line of JSON, the URLs of all that it loaded. */
import { registerHooks } from 'node:module';

const urls: string[] = [];

registerHooks({
  load: (url, context, nextLoad) => {
    urls.push(url);
    return nextLoad(url, context);
  },
});

process.on('exit', () => process.stderr.write(`${JSON.stringify(urls)}\n`));
