import { writeFile } from 'node:fs/promises';
import { messageOf, StartupError } from '../receivers/shared/errors.ts';

/** Writes a result to a file, in place of what is there. Rejects with a StartupError of one line. */
export async function writeResult(path: string, text: string, what: string): Promise<void> {
  try {
    await writeFile(path, `${text}\n`);
  } catch (error) {
    throw new StartupError(`writing ${what} to ${path}: ${messageOf(error)}`, { cause: error });
  }
}
