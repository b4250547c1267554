import { stat } from 'node:fs/promises';

/** Whether a directory is there and can be reached, through links too. */
export async function isFolder(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch {
    return false;
  }
}
