import { join } from 'node:path';
import { format, resolveConfig } from 'prettier';
import { repository } from '../../local/repository.ts';
import { reference } from './reference.ts';

export const referenceFile = join(repository, 'docs/reference.md');

/** The reference as the formatter leaves it. */
export async function formattedReference(): Promise<string> {
  const options = await resolveConfig(referenceFile);
  return format(reference(), { ...options, filepath: referenceFile });
}
