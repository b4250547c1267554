import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Component } from '../../../../local/cluster/component.ts';
import { Fleet } from '../../../../local/cluster/fleet.ts';
import { LocalClusterError } from '../../../../local/errors.ts';
import type { JournalEntry } from '../../../../local/host/journal.ts';
import { killAll } from '../../../../local/host/kill.ts';
import { markVariable } from '../../../../local/host/proc.ts';
import { freePorts } from '../../../support/free-ports.ts';

describe('Fleet', () => {
  let clusterDir = '';
  let noted: JournalEntry[] = [];
  let interrupt = new AbortController();

  beforeEach(() => {
    clusterDir = mkdtempSync(join(tmpdir(), 'fleet-'));
    noted = [];
    interrupt = new AbortController();
  });

  afterEach(async () => {
    await killAll({ variable: `${markVariable}=${clusterDir}`, cgroups: [], processes: [] });
    rmSync(clusterDir, { recursive: true });
  });

  function fleet(): Fleet {
    return new Fleet({
      paths: { clusterDir, logs: join(clusterDir, 'logs') },
      journal: { note: (entry) => noted.push(entry) },
      signal: interrupt.signal,
      credentials: { ca: '', cert: '', key: '' },
    });
  }

  function component(script: string, port: number): Component {
    return {
      name: 'etcd',
      node: null,
      program: process.execPath,
      args: ['-e', script],
      env: {},
      files: { [join(clusterDir, 'config/etcd.yaml')]: 'a: 1\n' },
      health: { kind: 'http', url: `http://127.0.0.1:${port}/` },
    };
  }

  async function server(): Promise<Component> {
    const [port = 0] = await freePorts(1);
    const script = `
      require('node:fs').readFileSync(process.env.${markVariable} + '/config/etcd.yaml');
      require('node:http').createServer((_, answer) => answer.end()).listen(${port}, '127.0.0.1')`;
    return component(script, port);
  }

  function pids(): number[] {
    return noted.map((entry) => (entry.kind === 'process' ? entry.pid : 0));
  }

  it('starts a component with its files, notes it, and resolves when it is healthy', async () => {
    const running = fleet();

    await running.start(await server());
    running.release();

    const [entry] = noted;
    assert.ok(entry?.kind === 'process');
    assert.equal(entry.component, 'etcd');
    assert.equal(entry.health?.kind, 'http');
  });

  it('rejects with the name and the end of the log of a component that ends', async () => {
    const running = fleet();
    const dying = component(`console.error('data folder is taken'); process.exitCode = 3`, 1);

    await assert.rejects(running.start(dying), (error) => {
      assert.ok(error instanceof LocalClusterError);
      assert.equal(error.exitCode, 1);
      assert.equal(
        error.message,
        'etcd ended during start (exit code 3); the end of its log:\ndata folder is taken',
      );
      return true;
    });
  });

  it('rejects where the program is missing', async () => {
    const missing = { ...component('', 1), program: join(clusterDir, 'missing') };

    await assert.rejects(
      fleet().start(missing),
      /^LocalClusterError: cannot start etcd: spawn .* ENOENT$/,
    );
  });

  it('starts a component again as another process, without taking its end for a failure', async () => {
    const running = fleet();
    const etcd = await server();

    await running.start(etcd);
    await running.restart(etcd);
    running.release();

    assert.equal(new Set(pids()).size, 2);
    assert.equal(running.signal.aborted, false);
  });

  it('ends tasks that belong together when one fails, and rejects when all have come to rest', async () => {
    const running = fleet();
    let atRest = false;
    const waiting = once(running.signal, 'abort').then(() => (atRest = true));

    await assert.rejects(running.all([waiting, Promise.reject(new Error('no'))]), /^Error: no$/);

    assert.ok(atRest);
  });

  it('starts nothing after an interruption', async () => {
    const running = fleet();
    interrupt.abort(new Error('interrupted'));

    await assert.rejects(running.start(await server()), /^Error: interrupted$/);

    assert.deepEqual(noted, []);
  });
});
