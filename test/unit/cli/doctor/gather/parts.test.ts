import assert from 'node:assert/strict';
import { etcdFlags, parseFlags } from '../../../../../cli/doctor/gather/flags.ts';
import { leaseOffset } from '../../../../../cli/doctor/gather/clocks.ts';
import { parseCertificate } from '../../../../../cli/doctor/gather/identity.ts';
import { hidden, seen, type CollectorFacts } from '../../../../../cli/doctor/facts.ts';
import { countersOf, versionOf } from '../../../../../cli/doctor/gather/metrics.ts';
import { partsOf } from '../../../../../cli/doctor/gather/parts.ts';
import { tagOf } from '../../../../../cli/doctor/gather/static-pods.ts';
import { difference, narrow } from '../../../../../cli/doctor/offset.ts';
import { monitoringCert } from '../../../receivers/support-certificates.ts';

describe('parseFlags', () => {
  it('reads flags with =, with a value behind them, and without one', () => {
    const args = ['etcd', '--name=a', '--data-dir', '/d', '--quiet', '-v=2', '--a=b=c', '--last'];

    assert.deepEqual(
      [...parseFlags(args)],
      [
        ['name', 'a'],
        ['data-dir', '/d'],
        ['quiet', 'true'],
        ['v', '2'],
        ['a', 'b=c'],
        ['last', 'true'],
      ],
    );
  });
});

describe('etcdFlags', () => {
  it('takes variables for flags, which count more', () => {
    const env = { ETCD_ENABLE_DISTRIBUTED_TRACING: 'true', ETCD_NAME: 'a', HOME: '/' };

    assert.deepEqual(Object.fromEntries(etcdFlags(['etcd', '--name=b'], env)), {
      'enable-distributed-tracing': 'true',
      name: 'b',
    });
  });
});

describe('partsOf', () => {
  const part = (name: string, counters: CollectorFacts['counters']): CollectorFacts => ({
    name,
    node: null,
    healthy: true,
    state: '3 of 3 pods ready',
    advice: '',
    version: null,
    counters,
  });
  const agents = [{ ...part('agent', hidden('not told')), node: 'worker' }];
  const daemonSets = [part('agent', hidden('on a loopback')), part('rtt-pinger', null)];
  const others = [part('gateway', hidden('away')), part('rtt-aggregator', null)];
  const deployed = seen({ daemonSets, others, correlator: null });

  it('has the agents of this machine in place of their DaemonSet, and every other part', () => {
    const [pingers] = daemonSets.slice(1);

    assert.deepEqual(partsOf(deployed, agents), seen([...agents, pingers, ...others]));
  });

  it('has what is deployed where no agent is seen, and agents where nothing else is', () => {
    assert.deepEqual(partsOf(deployed, []), seen([...daemonSets, ...others]));
    assert.deepEqual(partsOf(hidden('forbidden'), agents), seen(agents));
    assert.deepEqual(partsOf(hidden('forbidden'), []), hidden('forbidden'));
  });
});

describe('tagOf', () => {
  const images = [
    { image: 'registry.k8s.io/etcd:3.6.5-0', tag: '3.6.5-0' },
    { image: 'registry:5000/etcd', tag: null },
    { image: 'registry:5000/etcd:v1@sha256:0a', tag: 'v1' },
    { image: '', tag: null },
  ];
  for (const { image, tag } of images) {
    it(`reads ${tag} from '${image}'`, () => {
      assert.equal(tagOf(image), tag);
    });
  }
});

describe('countersOf', () => {
  const metrics = `# HELP otelcol_exporter_queue_size Current size
otelcol_exporter_queue_capacity{data_type="traces",exporter="otlp_grpc/gateway"} 2.68435456e+08
otelcol_exporter_queue_size{data_type="traces",exporter="otlp_grpc/gateway"} 1.34217728e+08
otelcol_exporter_send_failed_spans{exporter="otlp_grpc/gateway",server_port="4317"} 5
otelcol_exporter_enqueue_failed_spans_total{exporter="otlp_grpc/gateway"} 2
otelcol_receiver_refused_spans{receiver="otlp",transport="grpc"} 3
otelcol_receiver_refused_spans{receiver="otlp/stitched",transport="grpc"} 1
target_info{service_name="otelcol",service_version="0.159.0"} 1
`;

  it('adds up what was refused and what was not delivered, and finds the fullest queue', () => {
    const counters = { refusedSpans: 4, failedSpans: new Map([['otlp_grpc/gateway', 7]]) };

    assert.deepEqual(countersOf(metrics), seen({ ...counters, queueShare: 0.5 }));
  });

  it('does not take silence for zero in what is no metrics of a collector', () => {
    for (const text of ['<html>', '', 'go_goroutines 12\n'])
      assert.equal(countersOf(text).kind, 'hidden', text);
  });

  it('reads the version', () => {
    assert.equal(versionOf(metrics), '0.159.0');
    assert.equal(versionOf(''), null);
  });
});

describe('leaseOffset', () => {
  it('bounds a node’s clock by what kubelet and API server noted of one renewal', () => {
    const lease = {
      metadata: {
        name: 'a',
        managedFields: [{ manager: 'kubelet', time: '2026-11-21T16:01:58Z' }],
      },
      spec: { renewTime: '2026-11-21T16:01:58.950078Z' },
    };

    assert.deepEqual(leaseOffset(lease), { loNs: -49_922_000n, hiNs: 1_950_078_000n });
  });

  it('says nothing without both moments', () => {
    const metadata = { name: 'a' };

    assert.equal(leaseOffset({ metadata, spec: {} }), undefined);
    assert.equal(leaseOffset({ metadata, spec: { renewTime: 'soon' } }), undefined);
  });
});

describe('offsets', () => {
  it('take one clock from another, uncertain by both', () => {
    assert.deepEqual(difference({ loNs: 1n, hiNs: 5n }, { loNs: -1n, hiNs: 2n }), {
      loNs: -1n,
      hiNs: 6n,
    });
    assert.deepEqual(difference({ loNs: 1n, hiNs: null }, { loNs: null, hiNs: 2n }), {
      loNs: -1n,
      hiNs: null,
    });
  });

  it('narrow each other', () => {
    assert.deepEqual(narrow({ loNs: -5n, hiNs: null }, { loNs: -1n, hiNs: 9n }), {
      loNs: -1n,
      hiNs: 9n,
    });
    assert.deepEqual(narrow({ loNs: 2n, hiNs: 3n }, { loNs: null, hiNs: 9n }), {
      loNs: 2n,
      hiNs: 3n,
    });
  });
});

describe('parseCertificate', () => {
  it('reads groups, name and end', () => {
    assert.deepEqual(parseCertificate(monitoringCert), {
      commonName: 'kube-latency-test',
      organisations: ['system:monitoring'],
      notAfterMs: Date.parse('2126-10-28T09:51:45Z'),
    });
  });

  it('reads none where there is none', () => {
    assert.equal(parseCertificate(undefined), null);
  });
});
