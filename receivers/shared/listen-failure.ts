import { messageOf, StartupError } from './errors.ts';

/** Where it should have listened (`port 9090`), why it could not, and what to do about that. */
export function listenFailure(where: string, error: Error): StartupError {
  const remedy = remedies[(error as NodeJS.ErrnoException).code ?? ''];
  const said = `listening on ${where}: ${messageOf(error)}`;
  return new StartupError(remedy === undefined ? said : `${said}; ${remedy}`, { cause: error });
}

const remedies: Readonly<Partial<Record<string, string>>> = {
  EADDRINUSE: 'end the program that has it, or give another in the configuration',
  EACCES: 'ports below 1024 take a privilege: give a higher one in the configuration',
  EADDRNOTAVAIL: 'this machine does not have that address: give one that it has',
};
