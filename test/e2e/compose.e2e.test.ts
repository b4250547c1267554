import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parse } from 'yaml';
import { start, type Finished } from '../support/command.ts';
import { eventually } from '../support/eventually.ts';
import { extraProgram } from '../support/extra-program.ts';
import { freePorts } from '../support/free-ports.ts';
import type { Kustomization } from '../support/kustomize.ts';
import { readSpans } from '../support/spans-file.ts';
import { readLogs, readPoints } from '../support/telemetry-file.ts';
import { prepareCollectors } from './collector-config/collectors.ts';
import { jsonSender } from './collector-config/json-sender.ts';

const root = resolve(import.meta.dirname, '../..');
const profiles = ['small', 'full'] as const;

/** A project as compose prints it once all is merged and filled in. */
interface Project {
  readonly services: Readonly<Record<string, Service>>;
}

interface Service {
  readonly image: string;
  readonly command: readonly string[] | null;
  readonly environment?: Readonly<Record<string, string>>;
  readonly ports?: readonly { readonly host_ip: string; readonly published: string }[];
  readonly volumes?: readonly Volume[];
  readonly healthcheck?: object;
}

interface Volume {
  readonly type: 'bind' | 'volume';
  readonly source: string;
  readonly target: string;
  readonly read_only?: boolean;
}

/** Nothing is started here: no image of these can be had everywhere. */
describe('docker-compose.yaml', function () {
  this.timeout(30 * 60_000);
  const projects = new Map<string, Project>();

  let dockerCompose: string;

  function compose(args: readonly string[], env = {}): Promise<Finished> {
    return start(dockerCompose, args, { env }).finished;
  }

  before(async function () {
    dockerCompose = await extraProgram('docker-compose', this);
    for (const profile of profiles) {
      const { code, stdout, stderr } = await compose([
        `--profile=${profile}`,
        'config',
        '--format=json',
      ]);
      assert.equal(code, 0, stderr);
      projects.set(profile, JSON.parse(stdout) as Project);
    }
  });

  it('starts the small profile when none is named', async () => {
    const { code, stdout, stderr } = await compose(['config', '--services'], {
      COMPOSE_PROFILES: undefined,
    });

    assert.equal(code, 0, stderr);
    assert.deepEqual(
      stdout.trim().split('\n').toSorted(),
      Object.keys(projects.get('small')?.services ?? {}).toSorted(),
    );
  });

  it('is refused by compose where it names what the schema has not', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'kube-latency-compose-'));
    try {
      const text = readFileSync(join(root, 'docker-compose.yaml'), 'utf8');
      const file = join(folder, 'docker-compose.yaml');
      await writeFile(file, text.replace('    healthcheck:\n', '    healthchek:\n'));
      const { code, stderr } = await compose(['--file', file, '--profile=full', 'config']);

      assert.notEqual(code, 0);
      assert.match(stderr, /healthchek/);
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  for (const profile of profiles)
    describe(`profile ${profile}`, () => {
      const services = (): [string, Service][] =>
        Object.entries(projects.get(profile)?.services ?? {});

      it('lets nobody in but this machine, and everything by one program', () => {
        const ports = services().flatMap(([, { ports: own = [] }]) => own);

        assert.ok(ports.length >= 4);
        for (const { host_ip: address } of ports) assert.equal(address, '127.0.0.1');
        assert.equal(new Set(ports.map(({ published }) => published)).size, ports.length);
      });

      it('has images of an exact tag', () => {
        for (const [name, { image }] of services())
          assert.match(image, /:v?\d+\.\d+\.\d+(@sha256:[0-9a-f]{64})?$/, name);
      });

      it('mounts files of the repository, for reading', () => {
        for (const [name, { volumes = [] }] of services())
          for (const { type, source, read_only: readOnly } of volumes)
            assert.ok(
              type === 'volume' || (source.startsWith(root) && readOnly),
              `${name} ${source}`,
            );
      });

      it('has a collector whose configuration is valid', async function () {
        const program = await extraProgram('otelcol-kube-latency', this);
        const gateway = services().find(([name]) => name.startsWith('gateway'))?.[1];
        assert.ok(gateway);
        const args = (gateway.command ?? []).map((arg) => onHost(arg, gateway));
        const { code, stderr } = await start(program, ['validate', ...args], {
          env: gateway.environment ?? {},
        }).finished;

        assert.equal(code, 0, stderr);
      });

      it('takes from a cluster’s gateway what README.md lets that send, every signal', async function () {
        const program = await extraProgram('otelcol-kube-latency', this);
        const gateway = services().find(([name]) => name.startsWith('gateway'))?.[1];
        assert.ok(gateway);
        const folder = await mkdtemp(join(tmpdir(), 'kube-latency-compose-'));
        const cluster = await prepareCollectors(program);
        const [port, http, health, page, own] = await freePorts(5);
        const overlay = join(folder, 'ports.yaml');
        await writeFile(overlay, JSON.stringify(doorsAt(port, http)));
        const args = (gateway.command ?? []).map((arg) => onHost(arg, gateway));
        const running = start(program, [...args, `--config=${overlay}`], {
          env: {
            ...inFolder(gateway.environment ?? {}, folder),
            HEALTH_ENDPOINT: `127.0.0.1:${health}`,
            TELEMETRY_PORT: String(page),
            OWN_METRICS_PORT: String(own),
          },
        });
        try {
          await cluster.startGateway([], {
            settings: cluster.plainDoor,
            env: { ...shownSettings(), BACKEND_ENDPOINT: `127.0.0.1:${port}` },
          });
          const send = jsonSender(cluster.plainUrl);
          await send.spans([{ name: 'a span' }]);
          await send.gauges([{ name: 'a.gauge', value: 1 }]);
          await send.logs([{ body: 'a log' }]);

          await eventually(async () => {
            const file = (name: string): string => join(folder, `${name}.jsonl`);
            const spans = await readSpans(file('spans')).catch(() => []);
            const points = await readPoints(file('metrics'));
            const logs = await readLogs(file('logs'));
            assert.deepEqual(
              spans.map(({ name }) => name),
              ['a span'],
              running.stderr(),
            );
            assert.ok(points.some(({ metric }) => metric === 'a.gauge'));
            assert.deepEqual(
              logs.map(({ body }) => body),
              ['a log'],
            );
          });
        } finally {
          await cluster.remove();
          running.child.kill('SIGKILL');
          await running.finished;
          await rm(folder, { recursive: true });
        }
      });

      it('has a Jaeger whose configuration is valid', async function () {
        const program = await extraProgram('jaeger', this);
        const jaeger = services().find(([name]) => name === 'jaeger')?.[1];
        assert.ok(jaeger);
        const args = (jaeger.command ?? []).map((arg) => onHost(arg, jaeger));
        const { code, stderr } = await start(program, ['validate', ...args]).finished;

        assert.equal(code, 0, stderr);
      });

      it('asks for the health of all that serves', () => {
        const asked = JSON.stringify(services().map(([, { healthcheck }]) => healthcheck ?? {}));
        const serving = ['gateway:13134', 'jaeger:13133', '127.0.0.1:9090'];
        const more = profile === 'full' ? ['tempo:3200', 'loki:3100', '127.0.0.1:3000'] : [];

        for (const address of [...serving, ...more]) assert.ok(asked.includes(address), address);
      });
    });

  it('has a Prometheus that starts with its flags, its configuration and the alerts', async function () {
    const program = await extraProgram('prometheus', this);
    const prometheus = projects.get('full')?.services['prometheus'];
    assert.ok(prometheus);
    const folder = await mkdtemp(join(tmpdir(), 'kube-latency-compose-'));
    const [port] = await freePorts(1);
    const config = join(folder, 'prometheus.yaml');
    const text = readFileSync(join(root, 'docker-compose/prometheus.yaml'), 'utf8');
    await writeFile(config, text.replace('/etc/alerts/', join(root, 'manifests/alerts/')));
    const args = (prometheus.command ?? []).map((arg) =>
      arg
        .replace('/etc/docker-compose/prometheus.yaml', config)
        .replace('=/prometheus', `=${join(folder, 'data')}`),
    );
    const running = start(program, [...args, `--web.listen-address=127.0.0.1:${port}`]);
    try {
      await eventually(async () => {
        const answer = await fetch(`http://127.0.0.1:${port}/api/v1/rules`);
        assert.match(await answer.text(), /"name":"KubeLatency\w+"/, running.stderr());
      });
    } finally {
      running.child.kill('SIGTERM');
      await running.finished;
      await rm(folder, { recursive: true });
    }
  });
});

/** Doors of a gateway on other ports than those of a container. */
function doorsAt(grpc: number | undefined, http: number | undefined): object {
  const endpoint = (port: number | undefined): object => ({ endpoint: `127.0.0.1:${port}` });
  return { receivers: { otlp: { protocols: { grpc: endpoint(grpc), http: endpoint(http) } } } };
}

/** Variables that keep their files in a folder. */
function inFolder(env: Readonly<Record<string, string>>, folder: string): Record<string, string> {
  return Object.fromEntries(
    Object.entries(env).map(([name, value]) => [
      name,
      value.replace('/var/lib/kube-latency', folder),
    ]),
  );
}

/** What docker-compose/README.md merges into the environment of a cluster's gateway. */
function shownSettings(): Record<string, string> {
  const text = readFileSync(join(root, 'docker-compose/README.md'), 'utf8');
  const [, yaml = ''] = /^```yaml\n(.+?)^```$/ms.exec(text) ?? [];
  const { configMapGenerator = [] } = parse(yaml) as Partial<Kustomization>;
  const literals = (configMapGenerator as readonly { namespace: string; literals: string[] }[])
    .filter(({ namespace }) => namespace === 'kube-latency')
    .flatMap((each) => each.literals);
  return Object.fromEntries(
    literals.map((literal) => {
      const [name = '', value = ''] = literal.split('=');
      return [name, value] as const;
    }),
  );
}

/** An argument with the path that a mounted file has on this machine. */
function onHost(arg: string, { volumes = [] }: Service): string {
  const mount = volumes.find(({ target }) => arg.includes(`=${target}/`));
  return mount === undefined ? arg : arg.replace(mount.target, mount.source);
}
