import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';

import { z } from 'zod';

import { bootMetricNames } from './boot-metrics.ts';
import { readYaml, root } from './objects.ts';
import { rttMetricNames } from './rtt-metrics.ts';

const datasource = z.strictObject({ type: z.literal('prometheus'), uid: z.literal('prometheus') });

/** What Grafana 12 takes of a dashboard, as far as ours use it. */
const schema = z.strictObject({
  uid: z
    .string()
    .regex(/^kube-latency-[a-z-]+$/)
    .max(40),
  title: z.string().min(1),
  tags: z.array(z.literal('kube-latency')).length(1),
  schemaVersion: z.literal(41),
  editable: z.boolean(),
  refresh: z.string(),
  time: z.strictObject({ from: z.string(), to: z.literal('now') }),
  templating: z.strictObject({ list: z.array(z.looseObject({ name: z.string(), datasource })) }),
  panels: z.array(
    z.strictObject({
      id: z.int().min(1),
      title: z.string().min(1),
      description: z.string().min(1),
      type: z.enum(['timeseries', 'table', 'heatmap']),
      datasource,
      gridPos: z.strictObject({
        x: z.int().min(0),
        y: z.int().min(0),
        w: z.int().min(1).max(24),
        h: z.int().min(1),
      }),
      targets: z
        .array(
          z.strictObject({
            refId: z.string().regex(/^[A-Z]$/),
            datasource,
            expr: z.string().min(1),
            legendFormat: z.string(),
            exemplar: z.boolean().optional(),
            instant: z.boolean().optional(),
            format: z.enum(['table', 'heatmap']).optional(),
          }),
        )
        .min(1),
      fieldConfig: z
        .strictObject({
          defaults: z.looseObject({ unit: z.enum(['s', 'ms', 'short', 'percentunit']) }),
          overrides: z.array(z.looseObject({})),
        })
        .optional(),
      options: z.looseObject({}).optional(),
      transformations: z
        .array(z.strictObject({ id: z.literal('groupingToMatrix'), options: z.looseObject({}) }))
        .optional(),
    }),
  ),
});

const folder = new URL('manifests/dashboards/', root);
const files = readdirSync(folder).filter((name) => name.endsWith('.json'));

describe('manifests/dashboards', () => {
  it('are all in the ConfigMap', () => {
    const { configMapGenerator } = readYaml('manifests/dashboards/kustomization.yaml') as {
      configMapGenerator: { files: string[] }[];
    };

    assert.deepEqual(configMapGenerator[0]?.files.toSorted(), files.toSorted());
  });

  for (const file of files) {
    const read = () => schema.parse(JSON.parse(readFileSync(new URL(file, folder), 'utf8')));

    it(`${file}: is a dashboard whose panels each have a place and a name of their own`, () => {
      const { panels } = read();

      for (const values of [panels.map(({ id }) => id), panels.map(({ title }) => title)])
        assert.equal(new Set<string | number>(values).size, panels.length);
      const places = panels.flatMap(({ gridPos: { x, y, w, h } }) => {
        assert.ok(x + w <= 24, `${x} + ${w}`);
        return Array.from(
          { length: w * h },
          (_, at) => `${x + (at % w)} ${y + Math.floor(at / w)}`,
        );
      });
      assert.equal(new Set(places).size, places.length);
    });

    it(`${file}: has targets with a letter each`, () => {
      for (const { title, targets } of read().panels)
        assert.equal(new Set(targets.map(({ refId }) => refId)).size, targets.length, title);
    });
  }

  it('node-boots.json: asks for metrics that log tailers have', () => {
    const text = readFileSync(new URL('node-boots.json', folder), 'utf8');
    const asked = schema
      .parse(JSON.parse(text))
      .panels.flatMap(({ targets }) => targets.map(({ expr }) => expr))
      .flatMap((expr) => expr.match(/\bkube_latency_\w+/g) ?? []);

    assert.ok(asked.length > 3);
    assert.deepEqual(
      asked.filter((name) => !bootMetricNames.includes(name)),
      [],
    );
  });

  describe('rtt-mesh.json', () => {
    const { panels, templating } = schema.parse(
      JSON.parse(readFileSync(new URL('rtt-mesh.json', folder), 'utf8')),
    );
    const exprs = panels.flatMap(({ targets }) => targets.map(({ expr }) => expr));
    const { groups } = readYaml('manifests/alerts/kube-latency.rules.yaml') as {
      groups: readonly { rules: readonly { record?: string }[] }[];
    };
    const records = groups.flatMap(({ rules }) => rules.flatMap(({ record }) => record ?? []));

    it('asks for metrics that pingers, aggregator and recording rules have', () => {
      const asked = exprs
        .map((expr) => expr.replaceAll(/\{[^}]*\}|\b(?:by|on) \([^)]*\)/g, ''))
        .flatMap(
          (expr) => expr.match(/\b(kube_latency[\w:]+|latency_between_nodes|delay)\b/g) ?? [],
        );

      assert.ok(asked.length > 10);
      const known = [...rttMetricNames, 'latency_between_nodes', ...records];
      assert.deepEqual(
        asked.filter((name) => !known.includes(name)),
        [],
      );
    });

    it('asks, for histograms, those that were scraped and those that came by OTLP', () => {
      const scraped = exprs.filter((expr) =>
        /kube_latency_rtt_duration_seconds_(?!\w*:)/.test(expr),
      );

      assert.ok(scraped.length >= 3);
      for (const expr of scraped) assert.match(expr, /kube_latency_rtt_duration_seconds\{/);
    });

    it('shows one network and one protocol, as they are chosen', () => {
      assert.deepEqual(
        templating.list.map(({ name }) => name),
        ['network', 'protocol'],
      );
      for (const expr of exprs) {
        const selectors = expr.match(/\{[^}]*\}/g) ?? [];
        // What is in a rollup as well is so in every network.
        const chosen = selectors.filter((selector) => selector !== '{kube_latency_rtt_rollup!=""}');

        assert.ok(chosen.length > 0, expr);
        for (const selector of chosen)
          assert.ok(selector.includes('kube_latency_rtt_network=~"$network"'), expr);
        const byProtocol = /kube_latency(_rtt_(duration|loss|probes)|:rtt)_/.test(expr);
        assert.equal(expr.includes('protocol="$protocol"'), byProtocol, expr);
      }
    });

    it('sums no probe twice, by its pair and by the rollup that it is in', () => {
      const summed = exprs.filter((expr) =>
        /^sum.*kube_latency_rtt_(duration_seconds_bucket|probes_total)/.test(expr),
      );

      assert.equal(summed.length, 2);
      for (const expr of summed)
        assert.match(
          expr,
          /\{kube_latency_rtt_rollup!="", [^}]*\}.* or .*\{kube_latency_rtt_rollup="", [^}]*\}.* unless on /,
        );
    });
  });
});
