import assert from 'node:assert/strict';
import { fileURLToPath } from 'node:url';

import { loadConfig as loadAggregator } from '../../../receivers/rtt-aggregator/config.ts';
import { loadConfig as loadPinger } from '../../../receivers/rtt-pinger/config.ts';
import {
  container,
  one,
  rendered,
  root,
  variable,
  workload,
  type Container,
  type Workload,
} from './objects.ts';

const objects = rendered['everything']!;
const file = (path: string): string => fileURLToPath(new URL(`manifests/components/${path}`, root));

const pingers = [
  {
    title: 'DaemonSet rtt-pinger',
    name: 'rtt-pinger',
    network: 'pods',
    namespace: 'kube-latency',
    config: loadPinger({ config: file('rtt/pinger/rtt-pinger.yaml') }, {}),
  },
  {
    title: 'DaemonSet rtt-pinger-node',
    name: 'rtt-pinger-node',
    network: 'nodes',
    namespace: 'kube-latency-node',
    config: loadPinger({ config: file('rtt-node-network/rtt-pinger.yaml') }, {}),
  },
];

describe('the pingers of manifests', () => {
  for (const { title, name, network, namespace, config } of pingers) {
    const set = workload(objects, title);
    const own = container(set, name);

    it(`${title} has the ports of its configuration, which its Service has, too`, () => {
      const { clusterIP, ports } = one(objects, 'Service', name).spec as {
        clusterIP: string;
        ports: { name: string; port: number; targetPort: string }[];
      };

      assert.deepEqual(numbered(own), { metrics: config.ports.metrics, ping: config.ports.ping });
      assert.equal(clusterIP, 'None');
      assert.deepEqual(
        Object.fromEntries(ports.map(({ targetPort, port }) => [targetPort, port])),
        numbered(own),
      );
      // ICMP that falls back to TCP, and HTTP, need a port of the peer that answers.
      for (const port of [config.ports.tcp, config.ports.http])
        assert.equal(port, config.ports.ping);
    });

    it(`${title} is on every node, whatever its taints`, () => {
      assert.deepEqual(set.pod.tolerations, [{ operator: 'Exists' }]);
      assert.equal(set.pod.affinity, undefined);
    });

    it(`${title} is scraped every 5 s under its own labels, and that of its network`, () => {
      const { podMetricsEndpoints, selector } = one(objects, 'PodMonitor', name).spec;

      assert.deepEqual(podMetricsEndpoints, [
        { port: 'metrics', interval: '5s', honorLabels: true, relabelings: [named(network)] },
      ]);
      assert.equal(config.network, network);
      assert.deepEqual(selector.matchLabels, { 'app.kubernetes.io/name': name });
      assert.equal(set.object.metadata.namespace, namespace);
    });
  }

  it('probe each other’s pods on the pod network, by labels that these have', () => {
    const [{ config, title } = assert.fail()] = pingers;
    const [selection, ...others] = config.peers.kubernetes?.pods ?? [];
    const { object, template } = workload(objects, title);

    assert.deepEqual(others, []);
    assert.equal(selection?.namespace, object.metadata.namespace);
    for (const [key, value] of Object.entries(selection?.labels ?? {}))
      assert.equal(template.metadata.labels[key], value);
  });

  it('may use datagram sockets for ICMP on the pod network, by their group', () => {
    const { pod } = workload(objects, 'DaemonSet rtt-pinger');
    const security = pod.securityContext as Workload['pod']['securityContext'] & {
      readonly runAsGroup: number;
      readonly sysctls: readonly { readonly name: string; readonly value: string }[];
    };

    const group = security.runAsGroup;
    assert.deepEqual(security.sysctls, [
      { name: 'net.ipv4.ping_group_range', value: `${group} ${group}` },
    ]);
  });

  it('take no port of the node’s network that the agent has', () => {
    const ports = (title: string): number[] =>
      workload(objects, title).pod.containers.flatMap(({ ports: own = [] }) =>
        own.map(({ containerPort }) => containerPort),
      );
    const { ports: config } = pingers[1]!.config;
    const taken = ports('DaemonSet agent');

    for (const port of [...ports('DaemonSet rtt-pinger-node'), config.udp])
      assert.ok(!taken.includes(port), `${port}`);
  });

  it('send to the gateway by TLS from the pod network, to the agent’s loopback from the node’s', () => {
    const endpoint = 'OTEL_EXPORTER_OTLP_ENDPOINT';
    const [onPods, onNode] = pingers.map(({ title, name }) =>
      container(workload(objects, title), name),
    );

    assert.ok(onPods && onNode);
    assert.equal(variable(onPods, endpoint), 'https://gateway.kube-latency.svc:4317');
    assert.ok(variable(onPods, 'OTEL_EXPORTER_OTLP_CLIENT_KEY'));
    assert.equal(variable(onNode, endpoint), 'http://127.0.0.1:4317');
  });
});

describe('the aggregator of manifests', () => {
  const config = loadAggregator({ config: file('rtt/aggregator/rtt-aggregator.yaml') });
  const own = container(workload(objects, 'Deployment rtt-aggregator'), 'rtt-aggregator');

  it('follows the Service of the pingers at a port that it has', () => {
    const { service } = config.pingers;
    const found = one(objects, 'Service', service?.name ?? '');

    assert.equal(found.metadata.namespace, service?.namespace);
    const ports = found.spec.ports as { name: string }[];
    assert.ok(ports.some(({ name }) => name === service?.port));
  });

  it('is read on port 9090, every 5 s under the labels that it gives', () => {
    const { endpoints } = one(objects, 'ServiceMonitor', 'rtt-aggregator').spec;
    const { ports } = one(objects, 'Service', 'rtt-aggregator').spec;

    assert.deepEqual(numbered(own), { 'http-metrics': config.port });
    assert.deepEqual(ports, [{ name: 'http-metrics', port: 9090, targetPort: 'http-metrics' }]);
    const how = { interval: '5s', honorLabels: true, relabelings: [named('pods')] };
    assert.deepEqual(endpoints, [{ port: 'http-metrics', ...how }]);
    assert.equal(config.network, 'pods');
  });

  it('is let through to the pingers by the network policies', () => {
    const { egress } = one(objects, 'NetworkPolicy', 'rtt-aggregator').spec as {
      egress: { ports: { port: number }[] }[];
    };
    const { ingress } = one(objects, 'NetworkPolicy', 'rtt-pinger').spec as {
      ingress: { ports?: { port: string }[] }[];
    };
    const pinger = container(workload(objects, 'DaemonSet rtt-pinger'), 'rtt-pinger');

    const open = egress.flatMap(({ ports }) => ports.map(({ port }) => port));
    assert.ok(open.includes(numbered(pinger)['metrics'] ?? 0));
    assert.ok(ingress.some(({ ports = [] }) => ports.some(({ port }) => port === 'metrics')));
  });
});

function numbered({ ports = [] }: Container): Record<string, number> {
  return Object.fromEntries(ports.map(({ name, containerPort }) => [name, containerPort]));
}

/** What series under the names of others say of the network, too. */
function named(network: string): object {
  return { targetLabel: 'kube_latency_rtt_network', replacement: network };
}
