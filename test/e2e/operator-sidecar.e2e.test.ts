import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmod,
  mkdir,
  mkdtemp,
  readFile,
  rename,
  rm,
  symlink,
  unlink,
  writeFile,
} from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { unpackImage } from '../../bench/image/unpack.ts';
import { imageEntry } from '../../build/image/app-files.ts';
import { imageNode } from '../../build/image/node-files.ts';
import { packKubeLatency } from '../../build/image/pack.ts';
import { sidecarContainer } from '../../operator/injection/sidecar.ts';
import { localPaths } from '../../local/paths.ts';
import { systemPath } from '../../local/host/run.ts';
import { eventually } from '../support/eventually.ts';
import { freePorts } from '../support/free-ports.ts';
import { injectingProber, sidecarSettings } from '../support/operator/probers.ts';
import { mayMakeNetworks } from '../support/own-network.ts';

const soon = { withinMs: 20_000, everyMs: 100 };

interface Sidecar {
  readonly pid: number;
  readonly log: () => string;
  readonly running: () => boolean;
  readonly stop: () => Promise<number | null>;
}

/** What a kubelet does to a mounted ConfigMap: everything is swapped at once. */
async function mountConfigMap(
  folder: string,
  files: Readonly<Record<string, string>>,
): Promise<void> {
  const version = `..${Date.now()}`;
  await mkdir(join(folder, version));
  for (const [name, text] of Object.entries(files)) {
    await writeFile(join(folder, version, name), text, { mode: 0o644 });
    await symlink(`..data/${name}`, join(folder, name)).catch(() => undefined);
  }
  await symlink(version, join(folder, '..data-new'));
  await rename(join(folder, '..data-new'), join(folder, '..data'));
}

(mayMakeNetworks ? describe : describe.skip)('the sidecar, from the image', () => {
  let folder: string;
  let root: string;
  let peer: ReturnType<typeof createServer>;

  before(async function unpack() {
    this.timeout(180_000);
    folder = await mkdtemp(join(tmpdir(), 'kube-latency-sidecar-'));
    root = join(folder, 'root');
    const { cacheDir } = localPaths(process.env);
    const { signal } = new AbortController();
    const packed = await packKubeLatency({ folder: join(cacheDir, 'images'), signal });
    await unpackImage(packed.path, packed.digest, root);
    await mkdir(join(root, 'etc/netprober'), { recursive: true });
    await mkdir(join(root, 'proc'), { recursive: true });
    peer = createServer((_, response) => response.end('pong\n')).listen(0, '127.0.0.1');
    await once(peer, 'listening');
  });

  after(async () => {
    peer.closeAllConnections();
    peer.close();
    await rm(folder, { recursive: true });
  });

  /** Runs it as its container does: the file system read-only, no privileges, no new ones, nothing in its volume but `volume`. */
  function start(user: number, env: Readonly<Record<string, string>>, volume: string): Sidecar {
    const script = [
      'set -e',
      'mount --make-rprivate /',
      `mount --rbind ${root} ${root}`,
      `mount --bind ${volume} ${root}/etc/netprober`,
      `mount --bind /proc ${root}/proc`,
      `mount -o remount,ro,bind ${root}`,
      `mount -o remount,ro,bind ${root}/etc/netprober`,
      `exec setpriv --no-new-privs chroot --userspec=${user}:${user} --groups= ${root} ${imageNode} ${imageEntry('rtt-pinger')}`,
    ].join('\n');
    const child = spawn('unshare', ['--mount', 'sh', '-c', script], {
      env: { PATH: systemPath, ...env },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    const exited = once(child, 'exit');
    let said = '';
    child.stderr.on('data', (text: Buffer) => (said += text.toString()));
    return {
      pid: child.pid ?? 0,
      log: () => said,
      running: () => child.exitCode === null && child.signalCode === null,
      stop: async () => {
        child.kill('SIGTERM');
        const [code] = (await exited) as [number | null];
        return code;
      },
    };
  }

  for (const user of [65_532, 1_000_660_000])
    it(`runs as user ${user} on a read-only file system, begins without its list of peers and follows it when it comes and goes`, async () => {
      const [httpPort = 0, metricsPort = 0] = await freePorts(2);
      const prober = injectingProber({
        spec: { httpPort: String(httpPort), httpPrometheusPort: String(metricsPort) },
      });
      const { env } = sidecarContainer(prober, sidecarSettings, undefined);
      const values = env.flatMap((each) =>
        'value' in each ? [[each.name, each.value ?? '']] : [],
      );
      const volume = await mkdtemp(join(folder, 'volume-'));
      await chmod(volume, 0o755);
      const { port } = peer.address() as AddressInfo;
      const endpointsMap = {
        'web-1': { ip: '127.0.0.1', port: String(httpPort) },
        'web-2': { ip: '127.0.0.1', port: String(port) },
      };
      const list = JSON.stringify({ endpointsMap, pollingPeriod: 100_000_000 });
      const read = async (at: number, path: string): Promise<string> =>
        (await fetch(`http://127.0.0.1:${at}${path}`)).text();

      const sidecar = start(
        user,
        { ...Object.fromEntries(values), K8S_POD_NAME: 'web-1', K8S_NAMESPACE_NAME: 'apps' },
        volume,
      );
      try {
        await eventually(async () => assert.equal(await read(httpPort, '/ping'), 'pong\n'), soon);
        const status = await readFile(`/proc/${sidecar.pid}/status`, 'utf8');
        assert.match(status, new RegExp(`^Uid:\\s+${user}\\s+${user}\\s`, 'm'));
        assert.match(status, /^CapEff:\s+0+$/m);
        assert.match(status, /^NoNewPrivs:\s+1$/m);

        await mountConfigMap(volume, { 'config.json': list });
        const counted = /^netprober_interpod_latency_s_count\{.*dest_pod_name="web-2".*\} [1-9]/m;
        await eventually(
          async () => assert.match(await read(metricsPort, '/metrics'), counted),
          soon,
        );
        assert.doesNotMatch(await read(metricsPort, '/metrics'), /dest_pod_name="web-1"/);

        await unlink(join(volume, '..data'));
        await mountConfigMap(volume, { 'config.json': 'not JSON' });
        await eventually(() => assert.match(sidecar.log(), /the peers stay as they were/), soon);
        assert.ok(sidecar.running());
      } finally {
        assert.equal(await sidecar.stop(), 0, sidecar.log());
      }
    }).timeout(60_000);
});
