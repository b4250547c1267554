import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Context } from 'mocha';
import { findProgram } from '../../local/host/install.ts';
import { eventually } from '../support/eventually.ts';
import { extraProgram } from '../support/extra-program.ts';
import { startPrometheus, type Prometheus } from '../support/prometheus.ts';
import { prepareCollectors, type Collectors } from './collector-config/collectors.ts';
import { phase, tell } from './collector-config/phase-spans.ts';

const soon = { metrics_flush_interval: '500ms' };
const settings = { connectors: { 'span_metrics/completed': soon, 'span_metrics/failed': soon } };
const duration = 'traces_span_metrics_duration_seconds';
const unset = 'STATUS_CODE_UNSET';
const scope = 'otel_scope_name';
const calls = 'traces_span_metrics_calls_total';

interface Way {
  readonly title: string;
  readonly layer: string;
  readonly flag: string;
  /** Path of the Prometheus; undefined where there is none. */
  readonly program: (test: Context) => Promise<string | undefined>;
}

const ways: readonly Way[] = [
  {
    title: "Debian's Prometheus 2.42 by remote write",
    layer: 'features/prometheus-remote-write.yaml',
    flag: '--web.enable-remote-write-receiver',
    program: () => findProgram('prometheus'),
  },
  {
    title: 'Prometheus 3 by OTLP',
    layer: 'features/prometheus-otlp.yaml',
    flag: '--web.enable-otlp-receiver',
    program: (test) => extraProgram('prometheus', test),
  },
];

for (const way of ways)
  describe(`span metrics in ${way.title}`, function () {
    this.timeout(60_000);
    let folder: string;
    let prometheus: Prometheus | undefined;
    let collectors: Collectors | undefined;
    let traceIds: readonly string[];

    before('finds or builds a Prometheus', async function () {
      this.timeout(30 * 60_000);
      folder = await mkdtemp(join(tmpdir(), 'kube-latency-prometheus-'));
      const program = await way.program(this);
      if (program === undefined) {
        if (process.env['KUBE_LATENCY_E2E'] === 'required')
          throw new Error('prometheus is missing');
        console.error('      skipped: no prometheus here (apt-get install prometheus)');
        return this.skip();
      }
      prometheus = await startPrometheus(program, folder, [way.flag]);
    });

    before('sends phases, and what is none', async () => {
      const { url } = backend();
      const layers = ['features/embedded-viewer.yaml', 'features/span-metrics.yaml', way.layer];
      collectors = await prepareCollectors();
      await collectors.startGateway(layers, { settings, env: { PROMETHEUS_URL: url } });
      await collectors.startAgent();
      const counted = (calledTimes: number): Promise<void> =>
        eventually(async () => {
          const sent = await backend().query(`sum(${calls})`);
          assert.equal(sent[0]?.value[1], String(calledTimes));
        });
      const first = await tell(collectors.agentUrl, [phase('pod.start', 'start', 1.5)]);
      // Exemplars of one flush have one time, and Prometheus 3 does not always keep two of them.
      await counted(1);
      const others = await tell(collectors.agentUrl, [
        phase('pod.start', 'start', 7),
        phase('pod.ready', 'ready', 20, {
          failed: true,
          attributes: { 'error.type': 'image_pull' },
        }),
        phase('pod.schedule', 'schedule', 0, { attributes: { 'kube_latency.phase.negative': -1 } }),
        { service: 'pod-prober', name: 'prober.main', seconds: 30 },
        { service: 'correlator', name: 'pod.start-up', seconds: 3, attributes: { outcome: 'ok' } },
        { service: 'correlator', name: 'pod.container#web', seconds: 2 },
        { service: 'kubelet', name: 'syncPod', seconds: 2 },
      ]);
      traceIds = [...first, ...others];
      await counted(4);
    });

    after(async () => {
      await collectors?.remove();
      await prometheus?.stop();
      await rm(folder, { recursive: true });
    });

    it('has one series a phase and outcome, of phases only', async () => {
      const counted = await backend().query(
        `sum by (job, span_name, status_code, error_type, outcome) (${calls})`,
      );

      assert.deepEqual(
        new Set(counted.map(({ metric, value }) => ({ ...metric, count: value[1] }))),
        new Set([
          { job: 'pod-prober', span_name: 'pod.start', status_code: unset, count: '2' },
          { job: 'correlator', span_name: 'pod.start-up', status_code: unset, count: '1' },
          {
            job: 'pod-prober',
            span_name: 'pod.ready',
            status_code: 'STATUS_CODE_ERROR',
            error_type: 'image_pull',
            count: '1',
          },
        ]),
      );
    });

    it('has the latency of completed phases in seconds, and none of failures', async () => {
      const sums = await backend().query(`sum by (span_name) (${duration}_sum)`);
      const below = await backend().query(
        `sum by (le) (${duration}_bucket{span_name="pod.start"})`,
      );

      assert.deepEqual(
        Object.fromEntries(
          sums.map(({ metric, value }) => [metric['span_name'], Number(value[1])]),
        ),
        { 'pod.start': 8.5, 'pod.start-up': 3 },
      );
      const counts = new Map(below.map(({ metric, value }) => [metric['le'], Number(value[1])]));
      assert.deepEqual(
        ['1', '2.5', '5', '10'].map((le) => counts.get(le)),
        [0, 1, 1, 2],
      );
    });

    it('has exemplars that name the traces', async () => {
      await eventually(async () => {
        const found = await backend().exemplars(`${duration}_bucket{span_name="pod.start"}`);
        const shown = found.flatMap(({ exemplars }) =>
          exemplars.map(({ labels }) => labels['trace_id']),
        );
        assert.deepEqual(new Set(shown), new Set(traceIds.slice(0, 2)));
      });
    });

    it('has the metrics of the collectors, by node', async () => {
      await eventually(async () => {
        const [series] = await backend().query(
          'otelcol_exporter_queue_capacity{job="kube-latency-agent"}',
        );
        assert.equal(series?.metric['k8s_node_name'], 'node-of-the-test');
      });
    });

    it('keeps the ids of runs and pods out of its series', async () => {
      const series = await backend().query(`{__name__=~"traces_span_metrics.+"}`);

      assert.deepEqual(
        new Set(
          series.flatMap(({ metric }) => Object.keys(metric)).filter((label) => label !== scope),
        ),
        new Set([
          '__name__',
          'job',
          'le',
          'collector_instance_id',
          'k8s_cluster_name',
          'service_name',
          'span_name',
          'status_code',
          'error_type',
        ]),
      );
    });

    function backend(): Prometheus {
      assert.ok(prometheus);
      return prometheus;
    }
  });
