import assert from 'node:assert/strict';
import fc from 'fast-check';
import { escapeHtml, hashSource, inertJson } from '../../../../cli/html/inert.ts';

const hostile = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.constantFrom(
    '</script><script>alert(1)</script>',
    '<!--<script>',
    ']]>',
    '\u2028\u2029',
    '\ud800',
    '" onload="x',
  ),
);

describe('inertJson', () => {
  it('reads back as what it was', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.array(hostile), (value, texts) => {
        const all = { value, texts };
        assert.deepEqual(JSON.parse(inertJson(all)), JSON.parse(JSON.stringify(all)));
      }),
    );
  });

  it('has no character that HTML or JavaScript takes for more than text', () => {
    fc.assert(
      fc.property(fc.dictionary(hostile, hostile), (value) => {
        assert.doesNotMatch(inertJson(value), /[<>&\u2028\u2029]/);
      }),
    );
  });

  it('has no half of a character, which a file could not hold', () => {
    assert.equal(inertJson('\ud800'), '"\\ud800"');
  });
});

describe('escapeHtml', () => {
  it('leaves nothing that opens a tag, ends a quote or begins an entity of its own', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const escaped = escapeHtml(text);
        assert.doesNotMatch(escaped, /[<>"']/);
        assert.doesNotMatch(escaped, /&(?!amp;|lt;|gt;|quot;|#39;)/);
      }),
    );
  });

  it('keeps other text', () => {
    assert.equal(escapeHtml('a & b < "c"'), 'a &amp; b &lt; &quot;c&quot;');
  });
});

describe('hashSource', () => {
  it('is what the policy of a page names a text by', () => {
    assert.equal(hashSource(''), "'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='");
  });
});
