import { backoffMs } from '../receivers/shared/backoff.ts';
import { sleep } from '../receivers/shared/deadline.ts';
import { messageOf } from '../receivers/shared/errors.ts';
import type { KubeClient } from '../receivers/shared/kubernetes/client.ts';
import { followCollection, type Collection } from '../receivers/shared/kubernetes/collection.ts';
import type { Log } from '../receivers/shared/log.ts';
import type { Family } from '../receivers/shared/metrics/families.ts';
import type { WallClock } from '../receivers/shared/wall-clock.ts';
import { admissionFamilies } from './admission-metrics.ts';
import type { InjectionConfig } from './admission-schema.ts';
import type { ServerName } from './certificates/certificate-set.ts';
import { followCertificates, type Certificates } from './certificates/keeper.ts';
import { managedBy } from './controller/core/config-map.ts';
import type { Judgement } from './controller/core/status.ts';
import { namespaceFacts, type NamespaceFacts } from './controller/core/namespace-facts.ts';
import type { Surroundings } from './injection/decision.ts';
import { injectingProbers } from './injection/prober.ts';
import { seenByStatus } from './injection/seen-images.ts';
import {
  collectionPath,
  readNetworkProber,
  type NetworkProber,
  type ValidProber,
} from './network-prober.ts';
import { readAbilities, type Abilities } from './registration/abilities.ts';
import { createBell } from './registration/bell.ts';
import { injecting } from './registration/effect.ts';
import { registrations } from './registration/objects.ts';
import { createRegistrar } from './registration/registrar.ts';
import type { WebhookConfigurationInput } from './webhook/configuration.ts';
import type { SeenImage } from './trial/trials.ts';
import { createReviewCounts } from './webhook/counts.ts';
import { createInjector } from './webhook/injector.ts';
import { startWebhookServer, type WebhookServer } from './webhook/server.ts';

export interface AdmissionOptions {
  readonly config: InjectionConfig;
  /** The operator's. */
  readonly namespace: string;
  /** Not closed. */
  readonly client: KubeClient;
  readonly clock: WallClock;
  readonly log: Log;
  /** What `injecting` says may have changed. */
  readonly onInjecting?: () => void;
  /** Default: what the status of NetworkProbers says. */
  readonly seenImages?: (probers: readonly NetworkProber[]) => ReadonlyMap<string, SeenImage>;
}

/** Sidecars come into new pods, by policies and by the webhook that each replica serves. A restart is a new object. */
export interface Admission {
  /** Returns at once: what it needs of the API server it asks for until it has it. */
  readonly start: () => void;
  /** Registers the webhook and the policies, and keeps the certificate, until the signal ends. For the replica that leads. */
  readonly keep: (signal: AbortSignal) => Promise<void>;
  /** Whether new pods get the sidecar of a NetworkProber; for the replica that leads. */
  readonly injecting: (prober: ValidProber) => Judgement;
  /** By which it is decided who gets a sidecar, as it is known now. */
  readonly surroundings: () => Surroundings;
  /** Why it does not serve yet; undefined: it does. */
  readonly unready: () => string | undefined;
  readonly families: () => readonly Family[];
  /** Undefined: it does not serve. */
  readonly port: () => number | undefined;
  /** Safe before start and twice. */
  readonly shutdown: () => Promise<void>;
}

interface Running {
  readonly probers: Collection<NetworkProber>;
  readonly namespaces: Collection<NamespaceFacts>;
  readonly certificates: Certificates;
  readonly abilities: Promise<void>;
}

const retry = { baseMs: 500, capMs: 15_000 };

export function createAdmission(options: AdmissionOptions): Admission {
  const { config, namespace, client, clock, log, seenImages = seenByStatus } = options;
  const { onInjecting = () => undefined } = options;
  const { webhook, runAsUser, requests, limits } = config;
  const stop = new AbortController();
  const { signal } = stop;
  const bell = createBell();
  const counts = createReviewCounts();
  const common = { client, clock, log, signal };
  let running: Running | undefined;
  let abilities: Abilities | undefined;
  let server: WebhookServer | undefined;
  let serving: Promise<void> = Promise.resolve();
  let known: Surroundings | undefined;

  /** What is known now; the same object until something changes. */
  function surroundings(): Surroundings {
    known ??= surroundingsOf([...(running?.probers.places() ?? [])]);
    return known;
  }

  function surroundingsOf(probers: readonly NetworkProber[]): Surroundings {
    return {
      // Nothing is injected before it is known how.
      probers: abilities === undefined ? [] : injectingProbers(probers, abilities),
      seenImages: seenImages(probers),
      ownNamespace: namespace,
      sidecar: {
        form: abilities?.nativeSidecars === false ? 'container' : 'native',
        runAsUser: runAsUser ?? undefined,
        resources: { requests, limits },
      },
    };
  }

  function changed(): void {
    known = undefined;
    bell.ring();
  }

  function labelsOf(name: string) {
    for (const each of running?.namespaces.places() ?? [])
      if (each.name === name) return each.labels;
    return undefined;
  }

  async function learnAbilities(): Promise<void> {
    for (let failures = 0; !signal.aborted && abilities === undefined; failures++) {
      try {
        abilities = await readAbilities(client, signal);
        log.info({ ...abilities }, 'the cluster is known');
        changed();
      } catch (caught) {
        if (!signal.aborted) log.warn({ problem: messageOf(caught) }, 'trying again');
        await sleep(backoffMs(retry, failures, Math.random), signal);
      }
    }
  }

  /** One after the other, in the order in which certificates come. */
  function serveAgain(): void {
    serving = serving.then(serve).catch((caught: unknown) => {
      log.error({ problem: messageOf(caught) }, 'the webhook does not serve the certificate');
    });
  }

  async function serve(): Promise<void> {
    const served = running?.certificates.served();
    if (served === undefined || signal.aborted) return;
    if (server === undefined) {
      const injector = createInjector({ surroundings, namespaceLabels: labelsOf });
      const { port } = webhook;
      server = await startWebhookServer({ port, pair: served.pair, injector, counts });
      log.info({ port: server.port }, 'the webhook serves');
    } else server.serve(served.pair);
    bell.ring();
  }

  function reached(): WebhookConfigurationInput['client'] {
    if (webhook.address === undefined) return { service: { namespace, name: webhook.service } };
    return { url: `https://${webhook.address}:${server?.port ?? webhook.port}` };
  }

  const registrar = createRegistrar({
    client,
    log,
    bell,
    ownerRole: config.ownerRole,
    onChange: onInjecting,
    wanted: () =>
      registrations({
        surroundings: surroundings(),
        client: reached(),
        caBundle: running?.certificates.served()?.caBundle,
      }),
  });

  return {
    start: () => {
      running = {
        probers: followCollection<NetworkProber>({
          ...common,
          path: collectionPath,
          query: {},
          read: (object) => [readNetworkProber(object)].filter((each) => each !== undefined),
          onChange: changed,
        }),
        namespaces: followCollection<NamespaceFacts>({
          ...common,
          path: '/api/v1/namespaces',
          query: {},
          read: namespaceFacts,
          onChange: () => undefined,
        }),
        certificates: followCertificates({
          ...common,
          namespace,
          secret: webhook.secret,
          labels: { 'app.kubernetes.io/part-of': 'kube-latency', [managedBy.key]: managedBy.value },
          names: serverNames(namespace, webhook),
          onChange: serveAgain,
        }),
        abilities: learnAbilities(),
      };
    },
    keep: async (term) => {
      const isListed = (): boolean => abilities !== undefined && running?.probers.listed() === true;
      const keeping = webhook.certificates === 'own' ? running?.certificates.keep(term) : undefined;
      // What is left over is known when everything is listed.
      while (!term.aborted && !isListed()) await bell.heard(term);
      await Promise.all([keeping, registrar.keep(term)]);
    },
    injecting: ({ uid }) => injecting(uid, registrar.state(), performance.now()),
    surroundings,
    unready: () => {
      if (abilities === undefined) return 'the API server has not said what it can do';
      if (running?.probers.listed() !== true) return 'NetworkProbers are not listed yet';
      if (!running.namespaces.listed()) return 'namespaces are not listed yet';
      return server === undefined ? `there is no Secret ${webhook.secret} yet` : undefined;
    },
    families: () =>
      admissionFamilies({
        reviews: counts,
        registrar: registrar.state(),
        served: running?.certificates.served(),
        nowMs: Number(clock.nowNs() / 1_000_000n),
      }),
    port: () => server?.port,
    shutdown: async () => {
      stop.abort();
      bell.ring();
      await serving;
      const closing = server;
      server = undefined;
      const all = running;
      await Promise.all([
        closing?.close(),
        all?.probers.ended,
        all?.namespaces.ended,
        all?.certificates.ended,
        all?.abilities,
      ]);
    },
  };
}

/** What the API server calls it. */
function serverNames(
  namespace: string,
  { service, address }: InjectionConfig['webhook'],
): readonly ServerName[] {
  const names = [`${service}.${namespace}.svc`, `${service}.${namespace}.svc.cluster.local`];
  return [
    ...names.map((value) => ({ type: 'dns', value }) as const),
    ...(address === undefined ? [] : [{ type: 'ip', value: address } as const]),
  ];
}
