import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { resolveTarget } from '../../../../cli/probe/resolve-target.ts';

const server = 'https://10.231.0.1:6443';
const nothing = { kubeconfig: undefined, context: undefined };

describe('resolveTarget', () => {
  let folder: string;
  const saved = new Map<string, string | undefined>();
  let env: Record<string, string>;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'kube-latency-target-'));
    // Where the kubeconfig of the user who runs these tests would be found otherwise.
    for (const name of ['HOME', 'KUBECONFIG']) {
      saved.set(name, process.env[name]);
    }
    process.env['HOME'] = folder;
    delete process.env['KUBECONFIG'];
    env = { XDG_STATE_HOME: folder };
    const cluster = join(folder, 'kube-latency/local');
    await mkdir(cluster, { recursive: true });
    const admin = await kubeconfig('admin.yaml', { server, ca: 'our CA', cert: 'the admin' });
    await writeFile(
      join(cluster, 'cluster.json'),
      JSON.stringify({
        on: 'local',
        name: 'kube-latency',
        server,
        kubeconfig: admin,
        proberKubeconfig: '/state/prober.kubeconfig',
        proberNamespace: 'kube-latency',
        probeImage: 'our-pause',
        collectorEndpoint: 'http://127.0.0.1:4317',
        viewerUrl: 'http://127.0.0.1:8000',
        spansFile: '/state/spans.jsonl',
        nodes: [],
      }),
    );
  });

  afterEach(async () => {
    for (const [name, value] of saved) {
      if (value === undefined) {
        delete process.env[name];
      } else {
        process.env[name] = value;
      }
    }
    await rm(folder, { recursive: true });
  });

  const here = { image: 'our-pause', collectorEndpoint: 'http://127.0.0.1:4317' };
  const asProber = { ...here, kubeconfig: '/state/prober.kubeconfig', namespace: 'kube-latency' };

  it('goes to the cluster that up made where no kubeconfig is', async () => {
    assert.deepEqual(await resolveTarget(nothing, env), asProber);
  });

  it('is its administrator where the prober has no rights, in another namespace', async () => {
    const admin = join(folder, 'admin.yaml');

    assert.deepEqual(await resolveTarget({ ...nothing, namespace: 'default' }, env), {
      ...here,
      kubeconfig: admin,
    });
    assert.deepEqual(await resolveTarget({ ...nothing, namespace: 'kube-latency' }, env), asProber);
  });

  it('recognises that cluster in KUBECONFIG', async () => {
    const KUBECONFIG = join(folder, 'admin.yaml');
    process.env['KUBECONFIG'] = KUBECONFIG;

    assert.deepEqual(await resolveTarget(nothing, { ...env, KUBECONFIG }), asProber);
  });

  it('leaves another user of that cluster who they are', async () => {
    const path = await kubeconfig('user.yaml', { server, ca: 'our CA', cert: 'somebody' });

    assert.deepEqual(await resolveTarget({ kubeconfig: path, context: undefined }, env), here);
  });

  it('takes nothing for another cluster', async () => {
    const path = await kubeconfig('other.yaml', {
      server: 'https://example.com:6443',
      ca: 'our CA',
      cert: 'the admin',
    });

    assert.deepEqual(await resolveTarget({ kubeconfig: path, context: undefined }, env), {});
  });

  it('takes nothing where up has made no cluster', async () => {
    const elsewhere = { XDG_STATE_HOME: join(folder, 'elsewhere') };

    assert.deepEqual(await resolveTarget(nothing, elsewhere), {});
  });

  it('takes no other error for a missing kubeconfig, whatever its words', async () => {
    const path = join(folder, 'broken.yaml');
    await writeFile(path, 'no kubeconfig');

    await assert.rejects(resolveTarget({ kubeconfig: path, context: undefined }, env), {
      name: 'ConfigError',
    });
  });

  it('refuses a kubeconfig that is not there', async () => {
    await assert.rejects(resolveTarget({ kubeconfig: '/none', context: undefined }, env), {
      name: 'ConfigError',
      message: /\/none/,
    });
  });

  it('refuses a description of the cluster that it does not understand', async () => {
    const path = join(folder, 'kube-latency/local/cluster.json');
    await writeFile(path, '{"on":"mars"}');

    await assert.rejects(resolveTarget(nothing, env), {
      name: 'ConfigError',
      message: /cluster\.json.*kube-latency down/,
    });
  });

  async function kubeconfig(
    name: string,
    about: { readonly server: string; readonly ca: string; readonly cert: string },
  ): Promise<string> {
    const path = join(folder, name);
    const base64 = (text: string) => Buffer.from(text).toString('base64');
    const cluster = { server: about.server, 'certificate-authority-data': base64(about.ca) };
    const user = {
      'client-certificate-data': base64(about.cert),
      'client-key-data': base64('key'),
    };
    await writeFile(
      path,
      stringify({
        apiVersion: 'v1',
        kind: 'Config',
        clusters: [{ name: 'c', cluster }],
        users: [{ name: 'u', user }],
        contexts: [{ name: 'x', context: { cluster: 'c', user: 'u' } }],
        'current-context': 'x',
      }),
    );
    return path;
  }
});
