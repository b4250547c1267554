import assert from 'node:assert/strict';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { writeFile } from 'node:fs/promises';
import type { ClusterReport } from '../../cli/report/cluster-report.ts';
import { htmlPage } from '../../cli/report/html/html-page.ts';
import { pageShell } from '../../cli/report/html/page-shell.ts';
import { phaseTimes } from '../../cli/report/phase-times.ts';
import { phaseSpanNames } from '../../cli/explain/boundaries.ts';
import { browserPages } from '../support/browser-pages.ts';
import { kubeLatency } from '../support/command.ts';
import { allLost, meshReport, withCell } from '../support/mesh-report.ts';
import { faintTexts } from '../support/page-contrast.ts';
import { groundsOf } from '../support/page-theme.ts';

const schemes = ['light', 'dark'] as const;
const hostile = '</script><img src=x onerror=alert(1)>';
const base = meshReport({ nodes: 5, zones: 2 });

/** Ten probes whose phases take 1, 2, ... 10 times as long as the quickest's. */
const probes = Array.from({ length: 10 }, (_, index) => ({
  traceId: `${index}`.repeat(32),
  spans: new Map(
    Object.values(phaseSpanNames).map((name) => [name, BigInt(index + 1) * 100_000_000n] as const),
  ),
}));

const whole: ClusterReport = {
  atMs: Date.UTC(2026, 10, 21, 9, 37, 9, 500),
  probes: {
    kind: 'read',
    value: {
      probes: probes.length,
      sinceMs: 3_600_000,
      backend: 'http://127.0.0.1:16686/',
      phases: phaseTimes(probes),
      slowest: [
        {
          traceId: '9'.repeat(32),
          url: `http://127.0.0.1:16686/trace/${'9'.repeat(32)}`,
          seconds: 4,
          verdict: `3.9 of 4.0 s: image ${hostile}`,
        },
        { traceId: '8'.repeat(32), url: 'http://127.0.0.1:16686/', seconds: 3.6, verdict: null },
      ],
    },
  },
  mesh: {
    kind: 'read',
    value: {
      ...base,
      pairs: withCell(base, 0, 1, allLost),
      verdicts: [
        { kind: 'link', from: 'worker-1', to: 'worker-2', loss: 1, sinceMs: base.atMs - 60_000 },
      ],
    },
  },
  boots: {
    kind: 'read',
    value: [
      {
        node: 'worker-1',
        steps: [
          { name: 'kernel', fromS: 0, seconds: 3 },
          { name: 'kubelet', fromS: 3, seconds: 9 },
        ],
      },
      { node: 'worker-2', steps: [{ name: 'kernel', fromS: 0, seconds: 24 }] },
    ],
  },
  alerts: {
    kind: 'read',
    value: [
      {
        name: 'PodStartsSlow',
        state: 'firing',
        summary: 'p95 of start is over 5 s',
        activeAt: '2026-11-21T09:30:00Z',
        labels: { severity: 'warning' },
      },
    ],
  },
  doctor: {
    kind: 'read',
    value: {
      server: 'https://10.231.0.1:6443',
      version: 'v1.37.0',
      findings: [
        {
          component: 'etcd',
          node: 'control-plane',
          check: 'tracing',
          level: 'problem',
          found: 'off',
          expected: 'on',
          fix: '--experimental',
        },
        {
          component: 'kubelet',
          node: 'worker-1',
          check: 'tracing',
          level: 'ok',
          found: 'on',
          expected: 'on',
          fix: null,
        },
      ],
    },
  },
};

const empty: ClusterReport = {
  ...whole,
  probes: { kind: 'missing', why: 'no backend' },
  mesh: { kind: 'missing', why: 'no aggregator' },
  boots: { kind: 'missing', why: 'no boots' },
  alerts: { kind: 'missing', why: 'no Prometheus' },
  doctor: { kind: 'missing', why: 'no API server' },
};

describe('the page of a cluster', function () {
  this.timeout(60_000);
  const pages = browserPages<ClusterReport>(async (report) => htmlPage(report, await pageShell()));

  it('tells of every part, without a request, an error or a refusal', async () => {
    const { page, problems } = await pages.open(whole);
    const sections = await page.locator('section h2').allInnerTexts();

    assert.deepEqual(sections, [
      'Alerts',
      'Pod starts',
      'Round trips between nodes',
      'Node boots',
      'Doctor',
    ]);
    assert.deepEqual(problems, []);
  });

  it('gives least, median, 95th percentile and most of each phase, and draws each probe', async () => {
    const { page } = await pages.open(whole);
    const row = page.locator('.phases tbody tr').filter({ hasText: 'all' });

    assert.deepEqual((await row.locator('th, td').allInnerTexts()).slice(0, 6), [
      'all',
      '10',
      '400 ms',
      '2.00 s',
      '4.00 s',
      '4.00 s',
    ]);
    assert.equal(await row.locator('circle').count(), probes.length);
  });

  it('names the slowest with where their time went, as text, and leads to their traces', async () => {
    const { page } = await pages.open(whole);
    const [first = ''] = await page.locator('.slowest li').allInnerTexts();

    assert.ok(first.includes(hostile), first);
    assert.equal(
      await page.locator('.slowest a').first().getAttribute('href'),
      `http://127.0.0.1:16686/trace/${'9'.repeat(32)}`,
    );
  });

  it('draws the mesh with what is lost, and what is at fault', async () => {
    const { page } = await pages.open(whole);
    const rows = await page.locator('.heat-map tbody tr').count();

    assert.equal(rows, 5);
    assert.equal(await page.locator('.heat-map .all-lost').count(), 1);
    assert.match(await page.locator('.faults').innerText(), /worker-1 loses 100 % .*worker-2/);
  });

  it('draws node boots side by side on one axis', async () => {
    const { page } = await pages.open(whole);
    const widths = await page
      .locator('.boots .bar')
      .evaluateAll((bars: { getBoundingClientRect(): { width: number } }[]) =>
        bars.map((bar) => bar.getBoundingClientRect().width),
      );

    assert.ok(Math.abs((widths[2] ?? 0) / (widths[0] ?? 1) - 8) < 0.5, widths.join(' '));
  });

  it('tells what doctor found to be wrong, and counts what is well', async () => {
    const { page } = await pages.open(whole);
    const text = await page.getByRole('region', { name: 'Doctor' }).innerText();

    assert.match(text, /1 problem · 0 warnings · 0 unknown · 1 ok/);
    assert.match(text, /etcd on control-plane: tracing/);
    assert.doesNotMatch(text, /kubelet/);
  });

  it('says of each part that is missing why', async () => {
    const { page } = await pages.open(empty);

    assert.deepEqual(await page.locator('section p').allInnerTexts(), [
      'Not in this report: no Prometheus.',
      'Not in this report: no backend.',
      'Not in this report: no aggregator.',
      'Not in this report: no boots.',
      'Not in this report: no API server.',
    ]);
  });

  for (const colorScheme of schemes)
    it(`can be read in ${colorScheme}`, async () => {
      const { page } = await pages.open(whole, { colorScheme, height: 2400 });
      const { checked, faint } = await faintTexts(page, 4.5);

      assert.ok(checked > 40, `${checked} texts`);
      assert.deepEqual(faint, []);
    });

  it('changes between light and dark', async () => {
    const [first, second, third] = await groundsOf(await pages.open(whole));

    assert.notEqual(first, second);
    assert.equal(first, third);
  });

  it('does not scroll sideways on a narrow window', async () => {
    const { page } = await pages.open(whole, { width: 700 });
    const over = await page.evaluate<number>(
      'document.documentElement.scrollWidth - document.documentElement.clientWidth',
    );

    assert.ok(over <= 0, `${over} px`);
  });

  it('prints all of it', async () => {
    const { page } = await pages.open(whole);
    const pdf = await page.pdf({ format: 'A4', printBackground: true });

    assert.ok(pdf.length > 20_000, `${pdf.length} bytes`);
    await page.emulateMedia({ media: 'print' });
    assert.equal(await page.locator('.tools').isVisible(), false);
  });

  describe('written by the command', () => {
    let prometheus: Server;

    before((done) => {
      const alert = {
        labels: { alertname: 'A' },
        state: 'firing',
        activeAt: '2026-11-21T09:30:00Z',
      };
      prometheus = createServer((_, answer) =>
        answer.end(JSON.stringify({ status: 'success', data: { alerts: [alert] } })),
      ).listen(0, '127.0.0.1', done);
    });
    after((done) => {
      prometheus.close(done);
    });

    it('has what could be read, and names what could not', async () => {
      const mesh = pages.path('mesh.json');
      const file = pages.path('report.html');
      await writeFile(mesh, JSON.stringify(base));
      const url = `http://127.0.0.1:${(prometheus.address() as AddressInfo).port}`;
      const args = ['report', '--file', file, '--from', mesh, '--prometheus', url];
      const nobody = {
        KUBECONFIG: '/nonexistent',
        HOME: '/nonexistent',
        XDG_STATE_HOME: '/nonexistent',
      };
      const { code, stderr } = await kubeLatency(args, { env: nobody });

      assert.equal(code, 0, stderr);
      assert.match(stderr, /^without probes: no backend/m);
      assert.match(stderr, /^without boots: no backend/m);
      assert.match(stderr, /^without doctor: .*\/nonexistent/m);
      const { page, problems } = await pages.openFile(file);
      assert.equal(await page.locator('.heat-map tbody tr').count(), 5);
      assert.match(await page.locator('.alerts').innerText(), /^firing A/);
      assert.deepEqual(problems, []);
    });

    it('is not written where nothing can be read', async () => {
      const nobody = {
        KUBECONFIG: '/nonexistent',
        HOME: '/nonexistent',
        XDG_STATE_HOME: '/nonexistent',
      };
      const { code, stderr } = await kubeLatency(['report', '--file', pages.path('none.html')], {
        env: nobody,
      });

      assert.equal(code, 1);
      assert.match(stderr, /kube-latency: nothing to report: probes: no backend.*doctor: /);
    });
  });
});
