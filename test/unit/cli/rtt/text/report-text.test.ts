import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import fc from 'fast-check';
import type { MatrixReport } from '../../../../../receivers/shared/mesh/matrix-report.ts';
import { reportText, type ReportTextOptions } from '../../../../../cli/rtt/text/report-text.ts';
import { asciiGlyphs, unicodeGlyphs } from '../../../../../cli/terminal/glyphs.ts';
import { columns } from '../../../../../cli/terminal/text.ts';
import { allLost, meshCell, meshReport, withCell } from '../../../../support/mesh-report.ts';

const golden = new URL('../golden/', import.meta.url);
const rewriting = process.env['UPDATE_GOLDEN'] === '1' && process.env['CI'] === undefined;
const escape = String.fromCodePoint(27);
const escapes = new RegExp(`${escape}\\[\\d+m`, 'g');

const usual: ReportTextOptions = {
  width: 80,
  colour: false,
  glyphs: unicodeGlyphs,
  zones: false,
  top: undefined,
};

const kindNames = ['control-plane', 'worker', 'worker2'];
const three = meshReport({ nodes: 3, nameOf: (index) => `kube-latency-${kindNames[index]}` });
const ill = illMesh(three);

function illMesh(base: MatrixReport): MatrixReport {
  const first = { ...base, pairs: withCell(base, 0, 1, allLost) };
  const second = { ...first, pairs: withCell(first, 1, 2, { lost: 3 }) };
  const third = { ...second, pairs: withCell(second, 2, 0, { meanS: 1.9e-3 }) };
  return {
    ...third,
    pairs: third.pairs.filter(({ from, to }) => from !== 2 || to !== 1),
    silent: ['kube-latency-worker2'],
    verdicts: [
      { kind: 'node', node: 'kube-latency-worker', loss: 0.12, sinceMs: base.atMs - 40_000 },
    ],
  };
}

describe('reportText()', () => {
  const cases: { name: string; report: MatrixReport; options?: Partial<ReportTextOptions> }[] = [
    { name: 'one-80', report: meshReport({ nodes: 1 }, { pairs: [meshCell(0, 0, 40e-6)] }) },
    { name: 'three-80', report: three },
    { name: 'ill-80', report: ill },
    { name: 'ill-80-colour', report: ill, options: { colour: true } },
    { name: 'ill-50-ascii', report: ill, options: { width: 50, glyphs: asciiGlyphs } },
    { name: 'ill-40', report: ill, options: { width: 40 } },
    { name: 'nine-60', report: meshReport({ nodes: 9, zones: 3 }), options: { width: 60 } },
    { name: 'zones-80', report: meshReport({ nodes: 9, zones: 3 }), options: { zones: true } },
    {
      name: 'two-hundred-100',
      report: meshReport({ nodes: 200, zones: 6 }),
      options: { width: 100 },
    },
    { name: 'top-80', report: three, options: { top: 2 } },
    {
      name: 'rolled-up-80',
      report: meshReport({ nodes: 5000, zones: 3 }, { pairs: [] }),
    },
    { name: 'nothing-80', report: meshReport({ nodes: 0, zones: 0 }) },
    { name: 'hostile-80', report: hostileMesh() },
    {
      name: 'wide-80',
      report: meshReport({ nodes: 2, nameOf: (index) => ['東京-一', 'é\u0301a'][index] ?? '' }),
    },
  ];
  for (const { name, report, options } of cases) {
    it(`draws ${name}.txt`, () => {
      const drawn = `${reportText(report, { ...usual, ...options })}\n`;

      const file = new URL(`${name}.txt`, golden);
      if (rewriting) writeFileSync(file, drawn);
      assert.equal(drawn, readFileSync(file, 'utf8'));
    });
  }

  it('draws the same in colour as without', () => {
    const painted = reportText(ill, { ...usual, colour: true });

    assert.equal(painted.replaceAll(escapes, ''), reportText(ill, usual));
  });

  it('fits every line into the width, and lets no escape through', () => {
    const name = fc.string({ unit: 'binary', maxLength: 60 });
    fc.assert(
      fc.property(
        fc.uniqueArray(name, { minLength: 1, maxLength: 45 }),
        fc.array(name, { minLength: 1, maxLength: 3 }),
        fc.integer({ min: 40, max: 220 }),
        (names, zones, width) => {
          const report = meshReport(
            {
              nodes: names.length,
              zones: zones.length,
              nameOf: (index) => names[index] ?? '',
              zoneOf: (index) => zones[index] ?? '',
            },
            {
              protocol: names[0] ?? '',
              silent: names,
              verdicts: names.map((node) => ({ kind: 'node', node, loss: 0.5, sinceMs: 0 })),
            },
          );

          const drawn = reportText(report, { ...usual, width, top: 3 });

          assert.doesNotMatch(drawn.replaceAll('\n', ''), /[\p{Cc}\p{Cf}]/u);
          assert.deepEqual(
            drawn.split('\n').filter((line) => columns(line) > width),
            [],
          );
        },
      ),
      { numRuns: 40 },
    );
  });
});

/** Names that would move a cursor, recolour or turn the direction of writing. */
function hostileMesh(): MatrixReport {
  const names = [`${escape}[2J${escape}[31mred`, 'a\r\nb', '\u202eevil', 'x'.repeat(253)];
  return meshReport(
    { nodes: 4, nameOf: (index) => names[index] ?? '', zoneOf: () => `zone${escape}[1m` },
    {
      silent: names,
      verdicts: [{ kind: 'link', from: names[0] ?? '', to: names[1] ?? '', loss: 1, sinceMs: 0 }],
    },
  );
}
