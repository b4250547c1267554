import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { connect } from 'node:tls';
import { createAdmission, type Admission } from '../../operator/admission.ts';
import { injectionSchema } from '../../operator/admission-schema.ts';
import { createKubeClient, type KubeClient } from '../../receivers/shared/kubernetes/client.ts';
import { loadKubeConnection } from '../../receivers/shared/kubernetes/config.ts';
import type { Log } from '../../receivers/shared/log.ts';
import { startApiServer, type ApiServer } from '../support/api-server.ts';
import { eventually } from '../support/eventually.ts';
import { networkProber } from '../support/network-probers.ts';
import { ask, createNamespace, createPod, hasSidecar } from '../support/operator/pods-of.ts';
import { pod } from '../support/operator/pods.ts';
import { optedIn, ownNamespace } from '../support/operator/probers.ts';

const dayMs = 24 * 3600 * 1000;
const account = 'operator';
const ownerRole = 'kube-latency-operator-injection';
/** What the operator may do, as it is deployed. */
const rights = [
  'service-account-operator',
  'cluster-role-kube-latency-operator',
  'cluster-role-binding-kube-latency-operator',
  'cluster-role-kube-latency-operator-injection',
  'cluster-role-binding-kube-latency-operator-injection',
  'role-operator-injection',
  'role-binding-operator-injection',
];
const registration = '/apis/admissionregistration.k8s.io/v1';
const secretPath = `/api/v1/namespaces/${ownNamespace}/secrets/operator-webhook-tls`;

/** A replica of the operator as far as it injects, with the rights that it needs and no others. */
interface Replica {
  readonly admission: Admission;
  readonly client: KubeClient;
  /** Leads from now on; resolves when it has stopped. */
  readonly lead: () => { readonly stop: () => Promise<void> };
}

describe('injection by replicas of the operator', () => {
  let server: ApiServer;
  let kubeconfig: string;
  let replicas: Replica[] = [];
  /** By which the operator's clock differs from that of this machine. */
  let ahead = 0;
  const problems: string[] = [];

  before(async function start() {
    this.timeout(90_000);
    server = await startApiServer({ controllers: true });
    await server.kubectl(['apply', '--server-side', '--kustomize', 'manifests/crd']);
    await server.kubectl([
      'wait',
      '--for=condition=Established',
      '--timeout=30s',
      'crd/networkprobers.probes.bigmikes.io',
    ]);
    await createNamespace(server, ownNamespace);
    await createNamespace(server, 'apps', optedIn);
    const files = rights.map((name) => `--filename=manifests/operator/${name}.yaml`);
    await server.kubectl(['apply', '--server-side', ...files]);
    kubeconfig = await server.kubeconfigOf(ownNamespace, account);
  });

  after(() => server.stop());

  afterEach(async () => {
    await Promise.all(replicas.map(({ admission }) => admission.shutdown()));
    for (const { client } of replicas) client.close();
    replicas = [];
    ahead = 0;
    await server.kubectl([
      'delete',
      'networkprobers',
      '--all',
      '--wait=false',
      '--namespace=default',
    ]);
  });

  async function replica(certificates: 'own' | 'given' = 'own'): Promise<Replica> {
    const clock = { nowNs: () => BigInt(Date.now() + ahead) * 1_000_000n };
    const connection = await loadKubeConnection({ kubeconfig, context: undefined }, {});
    const client = createKubeClient(connection, clock);
    const admission = createAdmission({
      config: injectionSchema.parse({ webhook: { port: 0, certificates, address: '127.0.0.1' } }),
      namespace: ownNamespace,
      client,
      clock,
      log,
    });
    admission.start();
    const lead = () => {
      const term = new AbortController();
      const kept = admission.keep(term.signal);
      return {
        stop: async () => {
          term.abort();
          await kept;
        },
      };
    };
    const made = { admission, client, lead };
    replicas.push(made);
    return made;
  }

  const said = (fields: object, message: string): void => {
    problems.push(`${message} ${JSON.stringify(fields)}`);
  };
  const log: Log = { debug: () => undefined, info: () => undefined, warn: said, error: said };

  /** A NetworkProber whose image was seen everywhere, as its status says. */
  async function createProber(mode: 'webhook' | 'policy'): Promise<void> {
    const { code, stderr } = await server.apply(networkProber({ spec: { mode } }));
    assert.equal(code, 0, stderr);
    const status = {
      pods: [],
      conditions: [
        {
          type: 'ImagePulled',
          status: 'True',
          reason: 'Pulled',
          message: '',
          lastTransitionTime: new Date().toISOString(),
        },
      ],
    };
    await ask(server, {
      verb: 'patch',
      path: '/apis/probes.bigmikes.io/v1alpha1/namespaces/default/networkprobers/networkprober-sample/status',
      contentType: 'application/merge-patch+json',
      body: { status },
    });
  }

  async function isInjected(): Promise<boolean> {
    return hasSidecar(await createPod(server, 'apps', pod(), { dry: true }));
  }

  const soon = (holds: () => Promise<boolean> | boolean): Promise<void> =>
    eventually(
      async () => assert.ok(await holds(), `${String(holds)}; ${problems.slice(-3).join('; ')}`),
      {
        withinMs: 20_000,
      },
    );

  async function caCertificates(): Promise<number> {
    const { webhooks } = (await ask(server, {
      verb: 'get',
      path: `${registration}/mutatingwebhookconfigurations/kube-latency-network-prober`,
    })) as { webhooks: { clientConfig: { caBundle: string } }[] };
    const bundle = Buffer.from(webhooks[0]?.clientConfig.caBundle ?? '', 'base64').toString();
    return bundle.split('BEGIN CERTIFICATE').length - 1;
  }

  async function servedSerial(): Promise<string> {
    const { data } = (await ask(server, { verb: 'get', path: secretPath })) as {
      data: { 'tls.crt': string };
    };
    return new X509Certificate(Buffer.from(data['tls.crt'], 'base64')).serialNumber;
  }

  /** Of the certificate that a replica serves. */
  async function fingerprintOf({ admission }: Replica): Promise<string | undefined> {
    const port = admission.port();
    assert.ok(port);
    const socket = connect({ host: '127.0.0.1', port, rejectUnauthorized: false });
    await once(socket, 'secureConnect');
    const { fingerprint256 } = socket.getPeerX509Certificate() ?? {};
    socket.destroy();
    return fingerprint256;
  }

  async function names(collection: string): Promise<string[]> {
    const { items } = (await ask(server, {
      verb: 'list',
      path: `${registration}/${collection}`,
    })) as {
      items: { metadata: { name: string } }[];
    };
    return items.map(({ metadata }) => metadata.name);
  }

  it('agree on one certificate, though two make one at once, and register the webhook', async () => {
    const [one, two] = [await replica(), await replica()];
    const terms = [one.lead(), two.lead()];
    await createProber('webhook');

    await soon(isInjected);
    await soon(() => [one, two].every(({ admission }) => admission.unready() === undefined));

    const served = await Promise.all([one, two].map(fingerprintOf));
    assert.equal(served[0], served[1]);
    await Promise.all(terms.map(({ stop }) => stop()));
    assert.ok(await isInjected(), 'the webhook stays registered while nobody leads');
  }).timeout(60_000);

  it('inject on while certificate and authority are replaced, and forget the old ones', async () => {
    // Certificates begin when they are made: the operator's clock comes from the past, so that the API server takes them all.
    ahead = -488 * dayMs;
    await server.kubectl([
      'delete',
      'secret',
      'operator-webhook-tls',
      `--namespace=${ownNamespace}`,
      '--ignore-not-found',
    ]);
    const [leader, follower] = [await replica(), await replica()];
    await createProber('webhook');
    let term = leader.lead();
    await soon(
      () => leader.admission.unready() === undefined && follower.admission.unready() === undefined,
    );
    const first = await servedSerial();
    await term.stop();

    ahead = -3600_000;
    term = leader.lead();
    await soon(async () => (await caCertificates()) === 2);
    const second = await servedSerial();
    await soon(isInjected);
    await term.stop();

    ahead = 0;
    term = leader.lead();
    await soon(async () => (await servedSerial()) !== second);
    await soon(isInjected);
    assert.equal(await caCertificates(), 2);
    await term.stop();

    ahead = 11 * 60_000;
    term = leader.lead();
    await soon(async () => (await caCertificates()) === 1);
    await soon(isInjected);
    assert.equal(await fingerprintOf(leader), await fingerprintOf(follower));
    await term.stop();

    assert.notEqual(first, second);
  }).timeout(120_000);

  it('make the certificate anew where somebody has deleted or broken it', async () => {
    const one = await replica();
    await createProber('webhook');
    let term = one.lead();
    await soon(isInjected);
    const before = await servedSerial();
    await term.stop();

    await ask(server, {
      verb: 'patch',
      path: secretPath,
      contentType: 'application/merge-patch+json',
      body: { data: { 'tls.key': Buffer.from('no key').toString('base64') } },
    });
    assert.equal(one.admission.unready(), undefined, 'it serves the sound one on');
    term = one.lead();

    await soon(async () => (await servedSerial()) !== before);
    await soon(isInjected);
    await term.stop();
  }).timeout(60_000);

  it('serve a certificate that somebody else has made, and write none', async () => {
    const [one] = [await replica('given')];
    await createProber('webhook');
    const before = await servedSerial();
    const term = one.lead();

    await soon(isInjected);

    assert.equal(await servedSerial(), before);
    await term.stop();
  }).timeout(60_000);

  it('register a policy for a NetworkProber that wants one, inject on while no replica runs, and take it away with the NetworkProber', async () => {
    const one = await replica();
    await createProber('policy');
    const term = one.lead();
    await soon(isInjected);
    assert.deepEqual(await names('mutatingwebhookconfigurations'), []);
    await term.stop();
    await one.admission.shutdown();
    assert.ok(await isInjected());

    await server.kubectl([
      'delete',
      'networkprober',
      'networkprober-sample',
      '--namespace=default',
    ]);
    const next = await replica();
    const nextTerm = next.lead();

    await soon(async () => (await names('mutatingadmissionpolicies')).length === 0);
    assert.deepEqual(await names('mutatingadmissionpolicybindings'), []);
    await nextTerm.stop();
  }).timeout(60_000);

  it('put right what somebody else has changed when one begins to lead, and do not inject an image that was not seen', async () => {
    const one = await replica();
    await createProber('webhook');
    await ask(server, {
      verb: 'patch',
      path: '/apis/probes.bigmikes.io/v1alpha1/namespaces/default/networkprobers/networkprober-sample/status',
      contentType: 'application/merge-patch+json',
      body: { status: { conditions: [] } },
    });
    let term = one.lead();
    await soon(async () => (await names('mutatingwebhookconfigurations')).length === 1);
    assert.ok(!(await isInjected()));
    await term.stop();

    await createProber('webhook');
    await server.kubectl([
      'patch',
      'mutatingwebhookconfiguration',
      'kube-latency-network-prober',
      '--type=json',
      '--patch=[{"op":"replace","path":"/webhooks/0/clientConfig/caBundle","value":""}]',
    ]);
    term = one.lead();

    await soon(isInjected);
    await term.stop();
  }).timeout(60_000);

  it('leave nothing registered when their ClusterRole is deleted', async () => {
    const one = await replica();
    await createProber('webhook');
    const term = one.lead();
    await soon(isInjected);
    await term.stop();

    await server.kubectl(['delete', 'clusterrole', ownerRole]);

    await soon(async () => (await names('mutatingwebhookconfigurations')).length === 0);
  }).timeout(60_000);
});
