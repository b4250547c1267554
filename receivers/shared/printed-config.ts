import { execFile } from 'node:child_process';

import { ConfigError, messageOf, StartupError, toError } from './errors.ts';

/** A configuration of 10,000 peers is 2 MB of JSON. */
const mostBytes = 64 * 1024 * 1024;
const withinMs = 60_000;

/** How this process was started. */
export type Self = Pick<NodeJS.Process, 'execPath' | 'argv'>;

/**
 * The configuration as this program prints it, started once more with `--print-config`: what reading it takes, a parser, a validator and
 * documents a hundred times as large as their text, goes with that process. Rejects with ConfigError where that says what is wrong.
 */
export function printedConfig<Config>(name: string, { execPath, argv }: Self): Promise<Config> {
  const args = [...argv.slice(1), '--print-config'];
  return new Promise((resolve, reject) => {
    const options = { maxBuffer: mostBytes, timeout: withinMs };
    execFile(execPath, args, options, (error, stdout, stderr) => {
      if (error !== null) return reject(failure(name, error, stderr));
      try {
        resolve(Object.freeze(JSON.parse(stdout) as Config));
      } catch (caught) {
        reject(failure(name, toError(caught), ''));
      }
    });
  });
}

/** The other process says why as this one would: on the last line, after its name. */
function failure(name: string, error: Error & { readonly code?: unknown }, stderr: string): Error {
  const said = stderr.trimEnd().split('\n').at(-1) ?? '';
  const prefix = `${name}: `;
  if (error.code === 2 && said.startsWith(prefix))
    return new ConfigError(said.slice(prefix.length));
  const why = said === '' ? messageOf(error) : said;
  return new StartupError(`reading the configuration: ${why}`, { cause: error });
}
