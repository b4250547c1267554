import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import * as fc from 'fast-check';
import { asciiGlyphs, unicodeGlyphs } from '../../../../cli/terminal/glyphs.ts';
import { columns } from '../../../../cli/terminal/text.ts';
import type { Trace } from '../../../../cli/trace/model.ts';
import { waterfall } from '../../../../cli/trace/waterfall.ts';
import { epochNs, span } from './spans.ts';

const golden = new URL('golden/', import.meta.url);
const rewriting = process.env['UPDATE_GOLDEN'] === '1' && process.env['CI'] === undefined;

const escapes = new RegExp(`${String.fromCodePoint(27)}\\[\\d+m`, 'g');

describe('waterfall', () => {
  const cases = [
    { name: 'probe-80', trace: 'probe', width: 80, colour: false, glyphs: unicodeGlyphs },
    { name: 'probe-120', trace: 'probe', width: 120, colour: false, glyphs: unicodeGlyphs },
    { name: 'probe-200', trace: 'probe', width: 200, colour: false, glyphs: unicodeGlyphs },
    { name: 'probe-50-ascii', trace: 'probe', width: 50, colour: false, glyphs: asciiGlyphs },
    { name: 'odd-80-colour', trace: 'odd', width: 80, colour: true, glyphs: unicodeGlyphs },
    { name: 'odd-80', trace: 'odd', width: 80, colour: false, glyphs: unicodeGlyphs },
  ];
  for (const { name, trace, ...options } of cases) {
    it(`draws ${name}.txt`, () => {
      const drawn = `${waterfall(readTrace(trace), options)}\n`;

      const file = new URL(`${name}.txt`, golden);
      if (rewriting) {
        writeFileSync(file, drawn);
      }
      assert.equal(drawn, readFileSync(file, 'utf8'));
    });
  }

  it('draws the same in colour as without', () => {
    const options = { width: 100, glyphs: unicodeGlyphs };
    const trace = readTrace('odd');

    const painted = waterfall(trace, { ...options, colour: true });

    assert.notEqual(painted.replaceAll(escapes, ''), painted);
    assert.equal(painted.replaceAll(escapes, ''), waterfall(trace, { ...options, colour: false }));
  });

  it('draws a trace without a span', () => {
    const traceId = '0af7651916cd43dd8448eb211c80319c';

    const drawn = waterfall(
      { traceId, spans: [] },
      { width: 80, colour: false, glyphs: asciiGlyphs },
    );

    assert.match(drawn, /0 spans/);
  });

  it('fits every line into the width, and has a line for every span', () => {
    const anySpan = fc.record({
      parent: fc.option(fc.nat(60)),
      from: fc.nat(1_000_000),
      length: fc.integer({ min: -10, max: 1_000_000 }),
      name: fc.string({ unit: 'binary', maxLength: 90 }),
      service: fc.string({ maxLength: 30 }),
      failed: fc.boolean(),
    });
    fc.assert(
      fc.property(
        fc.array(anySpan, { minLength: 1, maxLength: 60 }),
        fc.integer({ min: 40, max: 250 }),
        (list, width) => {
          const spans = list.map(({ parent, from, length, name, service, failed }, index) =>
            span(index + 1, parent, [from, from + length], {
              name,
              service,
              status: { code: failed ? 'error' : 'unset', message: '' },
            }),
          );
          const trace = { traceId: '0af7651916cd43dd8448eb211c80319c', spans };

          const lines = waterfall(trace, { width, colour: false, glyphs: asciiGlyphs }).split('\n');

          assert.deepEqual(
            lines.filter((line) => columns(line) > width),
            [],
          );
          const drawn =
            lines
              .slice(lines.indexOf('') + 2)
              .join('\n')
              .split('\n\n')[0] ?? '';
          assert.equal(drawn.split('\n').length, spans.length);
        },
      ),
    );
  });

  it('keeps the names of spans that lie deep', () => {
    const depth = 60;
    const spans = Array.from({ length: depth }, (_, index) =>
      span(index + 1, index === 0 ? null : index, [index, 1000 - index], {
        name: `level ${index}`,
      }),
    );
    const trace = { traceId: '0af7651916cd43dd8448eb211c80319c', spans };

    const drawn = waterfall(trace, { width: 80, colour: false, glyphs: unicodeGlyphs });

    assert.ok(drawn.includes(`level ${depth - 1}`), drawn);
  });
});

function readTrace(name: string): Trace {
  if (name === 'odd') {
    return oddTrace();
  }
  return JSON.parse(readFileSync(new URL(`${name}.json`, golden), 'utf8')) as Trace;
}

/** All that can be wrong with a trace: a lost parent, failures, no length, a clock that ran backwards. */
function oddTrace(): Trace {
  assert.ok(epochNs > 0n);
  return {
    traceId: '0af7651916cd43dd8448eb211c80319c',
    spans: [
      span(1, null, [0, 2_000], { name: 'root', service: 'client' }),
      span(2, 1, [100, 100], { name: 'without length', service: 'server' }),
      span(8, 1, [110, 120], { name: '', service: 'server' }),
      span(3, 1, [300, 200], { name: 'ends before it begins', service: 'server' }),
      span(4, 1, [400, 1_400], {
        name: 'failed',
        service: 'server',
        status: { code: 'error', message: 'refused' },
      }),
      span(5, 4, [500, 900], {
        name: 'evil \x1b[2J name',
        service: 'a service with a very long name',
      }),
      span(6, 77, [1_500, 1_600], { name: 'lost', service: 'server' }),
      span(7, 6, [1_500, 1_550], {
        name: 'below what is lost',
        service: 'server',
        status: { code: 'error', message: '' },
      }),
    ],
  };
}
