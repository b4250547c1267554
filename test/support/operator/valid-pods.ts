import fc from 'fast-check';

/** A pod as a user writes it, which the API server takes. */
export interface ValidPod {
  readonly apiVersion: 'v1';
  readonly kind: 'Pod';
  readonly metadata: {
    readonly generateName: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
  };
  readonly spec: Readonly<Record<string, unknown>>;
}

/** Mostly the one; the others, now and then, are in the way of a sidecar. */
const mostly = <Value>(usual: Value, ...others: readonly Value[]) =>
  fc.oneof({ weight: 12, arbitrary: fc.constant(usual) }, fc.constantFrom(...others));

const amounts = { cpu: ['100m', '0.5', '1'], memory: ['64Mi', '1Gi', '0.5Gi', '536870912'] };

const labels = fc.record(
  {
    app: mostly('net-prober', 'other'),
    tier: fc.constantFrom('front', 'back', ''),
    constructor: fc.constant('own'),
  },
  { requiredKeys: ['app'] },
);

const annotations = fc.record(
  {
    'netprober-container-deployed': mostly('false', 'true', ''),
    'example.com/a_b': fc.string({ maxLength: 20 }),
    note: fc.constantFrom('', 'ö'.repeat(100)),
  },
  { requiredKeys: [] },
);

const container = (name: string, hostNetwork: boolean) =>
  fc.record(
    {
      name: fc.constant(name),
      image: fc.constant('registry.example.com/app:1'),
      ports: hostNetwork
        ? fc.constant([])
        : fc.uniqueArray(port, { maxLength: 3, selector: portKey }),
      resources: fc.oneof(
        resources,
        fc.constant({ limits: { cpu: '1', memory: '1Gi' }, requests: { cpu: '1000m' } }),
      ),
      env: fc.constant([{ name: 'HTTP_PORT', value: '1' }]),
    },
    { requiredKeys: ['name', 'image'] },
  );

const port = fc.record(
  {
    containerPort: fc.oneof(
      { weight: 4, arbitrary: fc.constantFrom(80, 8080) },
      fc.constantFrom(1222, 8862, 9090),
    ),
    name: mostly('http', 'np-ping', 'np-prometheus'),
    protocol: fc.constantFrom('TCP', 'UDP', 'SCTP'),
  },
  { requiredKeys: ['containerPort'] },
);

/** Names are used once in a container. */
const portKey = ({
  name,
  containerPort,
}: {
  readonly name?: string;
  readonly containerPort: number;
}): string => name ?? `port ${containerPort}`;

const resources = fc
  .record({
    cpu: fc.constantFrom(...amounts.cpu),
    memory: fc.constantFrom(...amounts.memory),
    what: fc.constantFrom('requests', 'limits', 'both', 'half'),
  })
  .map(({ cpu, memory, what }) => ({
    ...(what === 'requests' || what === 'both' ? { requests: { cpu, memory } } : {}),
    ...(what === 'limits' || what === 'both' ? { limits: { cpu, memory } } : {}),
    ...(what === 'half' ? { limits: { memory } } : {}),
  }));

const shape = fc.record({
  count: fc.integer({ min: 1, max: 5 }),
  last: mostly('last', 'net-prober'),
  mainContainers: fc.integer({ min: 1, max: 3 }),
  restartPolicies: fc.array(fc.constantFrom(undefined, 'Always'), { minLength: 5, maxLength: 5 }),
  hostNetwork: mostly<boolean | undefined>(undefined, false, true),
  volumeNames: fc.option(fc.tuple(mostly('data', 'net-prober-vol'), fc.constant('cache')), {
    nil: undefined,
  }),
  windows: mostly('no', 'os', 'selector'),
  whole: mostly(false, true),
  restartPolicy: fc.constantFrom(undefined, 'Always', 'OnFailure', 'Never'),
  node: fc.constantFrom('any', 'named', 'daemon'),
});

/** Pods of many shapes: what a sidecar may collide with is there now and then. */
export const validPods: fc.Arbitrary<ValidPod> = shape.chain((chosen) => {
  const { count, last, mainContainers, restartPolicies, hostNetwork, volumeNames, windows } =
    chosen;
  const names = [...['a', 'b', 'c', 'd'].slice(0, count - 1), last];
  const main = names.slice(0, mainContainers);
  const initial = names.slice(mainContainers);
  const of = (list: readonly string[]) =>
    fc.tuple(...list.map((name) => container(name, hostNetwork === true)));
  return fc
    .record({
      labels: fc.option(labels, { nil: undefined, freq: 12 }),
      annotations: fc.option(annotations, { nil: undefined }),
      containers: of(main),
      initContainers: of(initial),
    })
    .map(({ containers, initContainers, ...metadata }) =>
      asJson({
        apiVersion: 'v1',
        kind: 'Pod',
        metadata: { generateName: 'pod-', ...metadata },
        spec: {
          containers,
          initContainers:
            initContainers.length === 0
              ? undefined
              : initContainers.map((each, index) => ({
                  ...each,
                  restartPolicy: restartPolicies[index],
                })),
          hostNetwork,
          volumes: volumeNames?.map((name) => ({ name, emptyDir: {} })),
          os: windows === 'os' ? { name: 'windows' } : undefined,
          nodeSelector: windows === 'selector' ? { 'kubernetes.io/os': 'windows' } : undefined,
          // Windows has none; and what a pod has is more than what its containers have.
          resources:
            chosen.whole && windows !== 'os'
              ? { requests: { cpu: '8', memory: '8Gi' }, limits: { cpu: '8', memory: '8Gi' } }
              : undefined,
          restartPolicy: chosen.restartPolicy,
          nodeName: chosen.node === 'named' ? 'n1' : undefined,
          affinity: chosen.node === 'daemon' ? onNode('n2') : undefined,
        },
      }),
    );
});

/** As the DaemonSet controller binds a pod to its node. */
export function onNode(name: string) {
  const field = { key: 'metadata.name', operator: 'In', values: [name] };
  const required = { nodeSelectorTerms: [{ matchFields: [field] }] };
  return { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: required } };
}

/** As it comes over the wire: plain objects, without the fields that are undefined. */
function asJson(pod: object): ValidPod {
  return JSON.parse(JSON.stringify(pod)) as ValidPod;
}
