import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { eventually } from '../support/eventually.ts';
import { extraProgram } from '../support/extra-program.ts';
import { startPrometheus, type Prometheus } from '../support/prometheus.ts';
import { prepareCollectors, type Collectors } from './collector-config/collectors.ts';
import { startLoopbackMesh, type LoopbackMesh } from './rtt-dashboard/loopback-mesh.ts';

interface Dashboard {
  readonly templating: { readonly list: readonly { readonly query: { readonly query: string } }[] };
  readonly panels: readonly {
    readonly title: string;
    readonly targets: readonly { readonly expr: string }[];
  }[];
}

const file = (path: string): string => fileURLToPath(new URL(`../../${path}`, import.meta.url));
const rules = {
  global: { evaluation_interval: '1s', scrape_interval: '1s' },
  rule_files: [file('manifests/alerts/kube-latency.rules.yaml')],
};
/** What who looks at the dashboard has chosen, and how far Grafana looks back. */
const chosen = { network: 'pods', protocol: 'tcp', __rate_interval: '10s' };

function filledIn(expr: string): string {
  return Object.entries(chosen).reduce(
    (text, [name, value]) => text.replaceAll(`$${name}`, value),
    expr,
  );
}

for (const way of ['by OTLP', 'by scraping'] as const)
  describe(`the dashboard of the mesh, which Prometheus 3 has ${way}`, function () {
    this.timeout(180_000);
    let folder: string;
    let prometheus: Prometheus | undefined;
    let collectors: Collectors | undefined;
    let mesh: LoopbackMesh | undefined;
    let dashboard: Dashboard;

    before('finds or builds a Prometheus, and starts a mesh', async function () {
      this.timeout(30 * 60_000);
      const text = await readFile(file('manifests/dashboards/rtt-mesh.json'), 'utf8');
      dashboard = JSON.parse(text) as Dashboard;
      folder = await mkdtemp(join(tmpdir(), 'kube-latency-dashboard-'));
      const program = await extraProgram('prometheus', this);
      if (way === 'by scraping') {
        mesh = await startLoopbackMesh(folder, {});
        // As the monitors of the Prometheus Operator do.
        const labels = { kube_latency_rtt_network: 'pods' };
        const job = { job_name: 'mesh', honor_labels: true };
        const scraped = { ...job, static_configs: [{ targets: mesh.pages, labels }] };
        prometheus = await startPrometheus(program, folder, [], {
          config: { ...rules, scrape_configs: [scraped] },
        });
        return;
      }
      prometheus = await startPrometheus(program, folder, ['--web.enable-otlp-receiver'], {
        config: rules,
      });
      collectors = await prepareCollectors();
      const layers = ['features/embedded-viewer.yaml', 'features/prometheus-otlp.yaml'];
      await collectors.startGateway(layers, { env: { PROMETHEUS_URL: prometheus.url } });
      await collectors.startAgent();
      mesh = await startLoopbackMesh(folder, {
        OTEL_EXPORTER_OTLP_ENDPOINT: collectors.agentUrl,
        OTEL_METRIC_EXPORT_INTERVAL: '1000',
        OTEL_METRIC_EXPORT_TIMEOUT: '1000',
      });
    });

    after(async () => {
      await mesh?.stop();
      await collectors?.remove();
      await prometheus?.stop();
      await rm(folder, { recursive: true });
    });

    function asked(expr: string): ReturnType<Prometheus['query']> {
      assert.ok(prometheus);
      return prometheus.query(filledIn(expr));
    }

    it('has something in every panel', async () => {
      await eventually(
        async () => {
          const empty: string[] = [];
          for (const { title, targets } of dashboard.panels) {
            const found = await Promise.all(targets.map(({ expr }) => asked(expr)));
            if (found.flat().length === 0) empty.push(title);
          }
          assert.deepEqual(empty, []);
        },
        { withinMs: 120_000, everyMs: 1000 },
      );
    });

    it('has the round trips of each pair that answers, and no other', async () => {
      const panel = dashboard.panels.find(({ title }) => title === 'Node by node, round trip');
      const series = await asked(panel?.targets[0]?.expr ?? '');

      assert.deepEqual(
        series
          .map(({ metric }) => `${metric['source_node']} ${metric['destination_node']}`)
          .toSorted(),
        ['a b', 'b a'],
      );
      for (const { value } of series) assert.ok(Number(value[1]) > 0 && Number(value[1]) < 0.1);
    });

    it('has the quantiles of each pair of zones, the greater one above the other', async () => {
      const quantile = async (name: string): Promise<number> => {
        const [found, ...others] = await asked(
          `kube_latency:rtt_duration_seconds:${name}_5m{source_zone="east", destination_zone="west", protocol="$protocol", kube_latency_rtt_network="$network"}`,
        );
        assert.deepEqual(others, []);
        return Number(found?.value[1]);
      };
      const [p50, p99] = [await quantile('p50'), await quantile('p99')];

      assert.ok(p50 > 0 && p50 <= p99 && p99 < 1, `${p50} ${p99}`);
    });

    it('offers the network and the protocol that there are', async () => {
      const values = await Promise.all(
        dashboard.templating.list.map(async ({ query: { query } }) => {
          const [, selector = '', label = ''] = /^label_values\((.+), (\w+)\)$/.exec(query) ?? [];
          const series = await asked(selector);
          return [...new Set(series.map(({ metric }) => metric[label]))];
        }),
      );

      assert.deepEqual(values, [['pods'], ['tcp']]);
    });
  });
