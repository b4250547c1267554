import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { get } from 'node:http';
import { connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { imageEntry } from '../../build/image/app-files.ts';
import { imageUser } from '../../build/image/names.ts';
import { imageNode } from '../../build/image/node-files.ts';
import { frugal } from '../correlator/frugal.ts';
import { systemPath } from '../../local/host/run.ts';
import { cpuMsOf } from '../correlator/subject.ts';
import { freePorts } from '../../test/support/free-ports.ts';

const pollEveryMs = 5;
const deadlineMs = 20_000;

/** Milliseconds from the start of the process. */
export interface StartTimes {
  /** The OTLP port takes connections, and /healthz answers 200. */
  readonly open: number;
  /** /readyz answers 200: every pod is listed. */
  readonly ready: number;
  /** Processor time until then, of all its threads. */
  readonly cpu: number;
}

/** Starts the correlator of an unpacked image, as the image's user, with `root` as its whole file system. */
export async function startToReady(root: string, kubeconfig: string): Promise<StartTimes> {
  const [otlp = 0, health = 0, sink = 0] = await freePorts(3);
  await mkdir(join(root, 'bench'), { recursive: true });
  const role = ['node', 'control-plane'];
  const address = (port: number): string => `127.0.0.1:${port}`;
  const config = { role, listen: address(otlp), health: address(health), send: address(sink) };
  await writeFile(join(root, 'bench/correlator.yaml'), JSON.stringify(config));
  await writeFile(join(root, 'bench/kubeconfig'), kubeconfig);
  const flags = ['--config=/bench/correlator.yaml', '--kubeconfig=/bench/kubeconfig'];
  const command = [imageNode, ...frugal.args, imageEntry('correlator'), ...flags];
  const startMs = performance.now();
  const child = spawn('chroot', [`--userspec=${imageUser}`, root, ...command], {
    env: { PATH: systemPath, K8S_NODE_NAME: 'n1', ...frugal.env },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const exited = once(child, 'exit');
  let said = '';
  child.stderr.on('data', (text: Buffer) => (said = (said + text.toString()).slice(-2000)));
  const until = async (answers: () => Promise<boolean>): Promise<number> => {
    while (!(await answers())) {
      if (child.exitCode !== null) throw new Error(`it ended with ${child.exitCode}: ${said}`);
      if (performance.now() - startMs > deadlineMs)
        throw new Error(`it does not become ready: ${said}`);
      await sleep(pollEveryMs);
    }
    return performance.now() - startMs;
  };
  try {
    await until(() => accepts(otlp));
    const open = await until(() => isOk(health, '/healthz'));
    const ready = await until(() => isOk(health, '/readyz'));
    return { open, ready, cpu: cpuMsOf(child.pid ?? 0) };
  } finally {
    child.kill('SIGKILL');
    await exited;
    await rm(join(root, 'bench'), { recursive: true });
  }
}

/** Milliseconds that Node of the image takes for a program of nothing: what no receiver can come below. */
export async function emptyProgram(root: string): Promise<number> {
  const startMs = performance.now();
  const args = [`--userspec=${imageUser}`, root, imageNode, '--eval', '0'];
  const child = spawn('chroot', args, { env: { PATH: systemPath }, stdio: 'ignore' });
  const [code] = (await once(child, 'exit')) as [number | null];
  if (code !== 0) throw new Error(`Node of the image ended with ${code}`);
  return performance.now() - startMs;
}

function accepts(port: number): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const socket = connect(port, '127.0.0.1');
  socket.once('connect', () => resolve(true));
  socket.once('error', () => resolve(false));
  return promise.finally(() => socket.destroy());
}

function isOk(port: number, path: string): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const request = get({ port, path, host: '127.0.0.1', agent: false }, (response) => {
    response.resume();
    resolve(response.statusCode === 200);
  });
  request.once('error', () => resolve(false));
  return promise;
}
