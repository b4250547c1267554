import assert from 'node:assert/strict';
import { configSchema } from '../../../receivers/correlator/schema.ts';
import { configSchema as logTailerSchema } from '../../../receivers/log-tailer/schema.ts';
import { at, load, ownMetrics } from '../collector-config/load.ts';
import { container, one, rendered, variable, workload, type Container } from './objects.ts';

const objects = rendered['kind']!;
const everything = rendered['everything']!;

describe('the ports of manifests', () => {
  const gateway = container(workload(objects, 'Deployment gateway'), 'collector');

  it('lead from the Service to the gateway’s container, by name and number', () => {
    const { ports } = one(objects, 'Service', 'gateway').spec as {
      ports: { name: string; port: number; targetPort: string }[];
    };

    assert.deepEqual(
      ports.map(({ port, targetPort }) => [targetPort, port]),
      numbered(gateway),
    );
    for (const { name, targetPort } of ports) assert.equal(name, targetPort);
  });

  it('are where the gateway listens', () => {
    assert.deepEqual(numbered(gateway), [
      ['otlp-grpc', portOf(variable(gateway, 'GATEWAY_LISTEN'))],
      ['health', portOf(variable(gateway, 'HEALTH_ENDPOINT'))],
      [
        'metrics',
        portOf(String(prometheus('gateway.yaml')['port']).replace(/^.*:-(\d+)}$/, ':$1')),
      ],
    ]);
  });

  it('of the agent are those of agent.yaml and of the correlator, on loopback, and of the log tailer', () => {
    const { receivers, extensions } = load(['agent.yaml']);
    const agent = workload(objects, 'DaemonSet agent');
    const grpc = (id: string): string => String(at(receivers, id, 'protocols', 'grpc', 'endpoint'));
    const correlator = configSchema.parse({});

    assert.deepEqual(numbered(container(agent, 'collector')), [
      ['otlp-grpc', portOf(grpc('otlp'))],
      ['otlp-stitched', portOf(grpc('otlp/stitched'))],
      ['health', portOf(String(at(extensions, 'health_check', 'endpoint')))],
      ['metrics', prometheus('agent.yaml')['port']],
    ]);
    assert.deepEqual(numbered(container(agent, 'correlator')), [
      ['otlp-native', portOf(correlator.listen)],
      ['health-corr', portOf(correlator.health)],
    ]);
    const { port } = logTailerSchema.parse({});
    assert.deepEqual(numbered(container(agent, 'log-tailer')), [['boot', port]]);
    for (const { ports = [], name } of agent.pod.containers)
      for (const { hostIP, hostPort, containerPort } of ports) {
        const address = name === 'log-tailer' ? undefined : '127.0.0.1';
        assert.deepEqual([hostIP, hostPort], [address, containerPort]);
      }
  });

  it('of the viewer are on the pod’s loopback, where the gateway sends to', () => {
    const local = rendered['local']!;
    const viewer = container(workload(local, 'Deployment gateway'), 'viewer');
    const environment = local.find(
      ({ kind, metadata }) =>
        kind === 'ConfigMap' &&
        metadata.name.startsWith('environment') &&
        metadata.namespace === 'kube-latency',
    );

    assert.equal(environment?.data?.['BACKEND_ENDPOINT'], '127.0.0.1:4417');
    assert.equal(environment.data['BACKEND_INSECURE'], 'true');
    for (const expected of ['--host=127.0.0.1', '--grpc=4417'])
      assert.ok(viewer.args?.includes(expected), expected);
  });

  it('are opened by the network policies under names that the containers have', () => {
    const names = (gateway.ports ?? []).map(({ name }) => name);
    const { ingress } = one(everything, 'NetworkPolicy', 'gateway').spec as {
      ingress: { ports: { port: string }[] }[];
    };

    const opened = ingress.flatMap(({ ports }) => ports.map(({ port }) => port));
    assert.deepEqual(opened.toSorted(), names.toSorted());
  });

  it('are open for the gateway to send to, where settings name them', () => {
    const environment = everything.find(({ data }) => data?.['PROMETHEUS_URL'] !== undefined);
    const { egress } = one(everything, 'NetworkPolicy', 'gateway').spec as {
      egress: { ports: { port: number }[] }[];
    };
    const open = egress.flatMap(({ ports }) => ports.map(({ port }) => port));

    for (const name of ['BACKEND_ENDPOINT', 'PROMETHEUS_URL'])
      assert.ok(open.includes(portOf(environment?.data?.[name])), name);
  });

  it('are scraped under names that Service and pods have', () => {
    const { endpoints } = one(everything, 'ServiceMonitor', 'gateway').spec;
    const { podMetricsEndpoints } = one(everything, 'PodMonitor', 'agent').spec;
    const agent = container(workload(everything, 'DaemonSet agent'), 'collector');

    assert.equal(endpoints[0].port, 'metrics');
    assert.equal(podMetricsEndpoints[0].port, 'metrics');
    const metrics = agent.ports?.find(({ name }) => name === 'metrics');
    assert.deepEqual([metrics?.containerPort, metrics?.hostIP], [8888, '0.0.0.0']);
  });
});

describe('the gateway’s name in manifests', () => {
  const name = 'gateway.kube-latency.svc';

  it('is that of its Service, in what agents and prober are told', () => {
    const { metadata } = one(objects, 'Service', 'gateway');
    const environment = objects.find(({ data }) => data?.['GATEWAY_ENDPOINT'] !== undefined);
    const prober = container(workload(objects, 'CronJob pod-prober'), 'pod-prober');

    assert.equal(`${metadata.name}.${metadata.namespace}.svc`, name);
    assert.equal(environment?.data?.['GATEWAY_ENDPOINT'], `${name}:4317`);
    assert.equal(variable(prober, 'OTEL_EXPORTER_OTLP_ENDPOINT'), `https://${name}:4317`);
  });

  it('is in its certificate', () => {
    const { dnsNames, usages } = one(everything, 'Certificate', 'gateway-tls').spec;

    assert.deepEqual(dnsNames, [name, `${name}.cluster.local`, 'gateway', 'localhost']);
    assert.ok(usages.includes('server auth'));
  });
});

function numbered({ ports = [] }: Container): [string, number][] {
  return ports.map(({ name, containerPort }) => [name, containerPort]);
}

function portOf(endpoint: string | undefined): number {
  return Number(endpoint?.split(':').at(-1));
}

function prometheus(file: string): Readonly<Record<string, unknown>> {
  return Object(ownMetrics(load([file])).page) as Readonly<Record<string, unknown>>;
}
