import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createConnection, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { until } from '../until.ts';

const program = '/lib/systemd/systemd-journald';

/** Skips the suite that this is called in as `needsSystemd` does, and where this process may not make namespaces. */
export function needsJournald(): void {
  before(function () {
    if (existsSync(program) && process.getuid?.() === 0) return;
    assert.notEqual(process.env['KUBE_LATENCY_E2E'], 'required', `${program} cannot be run`);
    this.skip();
  });
}

/** The machine that it takes itself to be on. */
const machineId = '4d3c2b1a0f9e8d7c6b5a493827160504';

/** systemd's journald, with folders of its own for what it writes and listens on. */
export interface Journald {
  /** As /var/log/journal and /run/log/journal are elsewhere. */
  readonly persistent: string;
  readonly volatile: string;
  /** Names of the files that there are now. */
  readonly files: (folder: 'persistent' | 'volatile') => string[];
  /** A stream as a service's output is: each line becomes an entry. */
  readonly stream: (identifier: string) => Promise<Socket>;
  /** Renames what lasts, and begins new ones. */
  readonly rotate: () => Promise<void>;
  /** Moves what is volatile to where it lasts. */
  readonly flush: () => Promise<void>;
  /** Ends it as a machine that loses power does: its files are as they are. */
  readonly kill: () => Promise<void>;
  /** Ends it, and removes what it wrote. */
  readonly stop: () => Promise<void>;
}

/** Starts it, as on a node that is up or, where it is yet to `flush`, that boots. `settings` are lines of journald.conf. */
export async function startJournald(settings: readonly string[], isUp = true): Promise<Journald> {
  const base = mkdtempSync(join(tmpdir(), 'journald-'));
  const persistent = join(base, 'log/journal');
  const volatile = join(base, 'run/log/journal');
  for (const folder of [persistent, volatile, join(base, 'run/systemd/journal')])
    mkdirSync(folder, { recursive: true });
  if (isUp) writeFileSync(join(base, 'run/systemd/journal/flushed'), '');
  const conf = ['[Journal]', 'ReadKMsg=no', 'Audit=no', 'RateLimitBurst=0', ...settings];
  writeFileSync(join(base, 'journald.conf'), `${conf.join('\n')}\n`);
  writeFileSync(join(base, 'machine-id'), `${machineId}\n`);
  const mounts = {
    run: '/run',
    log: '/var/log',
    'journald.conf': '/etc/systemd/journald.conf',
    'machine-id': '/etc/machine-id',
  };
  const commands = Object.entries(mounts).map(
    ([own, path]) => `mount --bind ${base}/${own} ${path}`,
  );
  const child = spawn('unshare', ['-m', 'sh', '-ec', `${commands.join('; ')}; exec ${program}`], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const ended = once(child, 'exit');
  const folders = { persistent: join(persistent, machineId), volatile: join(volatile, machineId) };
  const files = (folder: 'persistent' | 'volatile'): string[] =>
    existsSync(folders[folder]) ? readdirSync(folders[folder]).toSorted() : [];
  /** Of the file that is written to. */
  const inode = (folder: 'persistent' | 'volatile'): number | undefined =>
    statSync(join(folders[folder], 'system.journal'), { throwIfNoEntry: false })?.ino;
  const socket = join(base, 'run/systemd/journal/stdout');
  await until(
    () => existsSync(socket) && files('persistent').length + files('volatile').length > 0,
  );
  return {
    persistent,
    volatile,
    files,
    stream: async (identifier) => {
      const connection = createConnection({ path: socket, allowHalfOpen: true });
      await once(connection, 'connect');
      // Identifier, unit, priority, whether lines begin with one, and whether they go to syslog, kernel and console.
      connection.write([identifier, '', '6', '0', '0', '0', '0', ''].join('\n'));
      return connection;
    },
    rotate: async () => {
      const before = inode('persistent');
      child.kill('SIGUSR2');
      await until(() => ![before, undefined].includes(inode('persistent')));
    },
    flush: async () => {
      child.kill('SIGUSR1');
      await until(() => files('persistent').length > 0);
    },
    kill: async () => {
      child.kill('SIGKILL');
      await ended;
    },
    stop: async () => {
      child.kill('SIGTERM');
      await ended;
      rmSync(base, { recursive: true, force: true });
    },
  };
}
