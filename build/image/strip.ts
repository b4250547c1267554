import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const exec = promisify(execFile);

/** First line of `strip --version`, or undefined where there is no strip: its output is part of what an image is made from. */
export async function stripVersion(signal: AbortSignal): Promise<string | undefined> {
  try {
    const { stdout } = await exec('strip', ['--version'], { signal });
    return stdout.split('\n', 1)[0];
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** A program without what only debuggers read; as it is where there is no `strip` of binutils. */
export async function stripped(program: string, signal: AbortSignal): Promise<Buffer> {
  if ((await stripVersion(signal)) === undefined) return readFile(program);
  const folder = await mkdtemp(join(tmpdir(), 'kube-latency-strip-'));
  try {
    const output = join(folder, 'program');
    await exec('strip', ['-o', output, program], { signal });
    return await readFile(output);
  } finally {
    await rm(folder, { recursive: true });
  }
}
