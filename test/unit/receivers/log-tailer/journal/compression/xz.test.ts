import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { expandXz } from '../../../../../../receivers/log-tailer/journal/compression/xz.ts';

const text = Buffer.from(Array.from({ length: 40 }, (_, i) => `${i * i} of kubelet\n`).join(''));

/** The text by `xz --check=none` with different settings. */
const packedTexts = {
  'lc=3, lp=0, pb=2':
    '/Td6WFoAAAD/EtlBAgAhARYAAAB0L+Wj4AJRAIVdABgICmbncVi3bxhEbw8Zyhl5TiVMNqJ05UQmVwcmMB8gYcFxGnMAUNfLECu1QXO8qLUvNa2rSIGH7N63ZnF1ynCdWq2W5k6ALMc09Fh94sk+LF2p1C4NLDJ0sN82RISq5kWbPgEcWrmKf5x00dwlBzzofg6RIAYoNYxBS+Wsuw4iTG3isFUAAAAAAAGZAdIEAAAoYwhPqAAK/AIAAAAAAFla',
  'lc=0, lp=2, pb=0':
    '/Td6WFoAAAD/EtlBAgAhAQwAAACPmEGc4AJRAIkSABgISzf6OUYSBdGtcCeWgs6QhIiwZTDARZc7WkWZkvnSP8YHBgw7gk1LRnYAc0eH/OSRRLo8pNxqyfAFsRy9a4m0TFeGZTYHAAJnsn19e1x0NWuLUBfFnopGgDUSRlI6ZnsIMzOn4+hSx38CmyQMyMxl8TQETg0dBr29EpqYsJgtDScQd6frz9oaAAAAAAABnQHSBAAAPiGZ1KgACvwCAAAAAABZWg==',
  'lc=1, lp=3, pb=4':
    '/Td6WFoAAAD/EtlBAgAhARYAAAB0L+Wj4AJRAI3QABgICeZhAazqYjSfZwz/BYtl2cq7Ayu7EBZP1aCKWfKssGRlNPnr0Hi71hb+QCvIF/Vnf+ZFYNBZ+V3rGLRbkDZmGYFGNmI9vdSTQyyfNlf7ZNNwQPqbVvYIVo6ahfXCtJ0PEBCoeVdjpVhl0JyRDhb8kjNi2wTWQg8QQljhNTr8mK0XnE+xQzDpoZbcgAAAAAAAAaEB0gQAAOjmIaeoAAr8AgAAAAAAWVo=',
};
const packedText = Buffer.from(packedTexts['lc=3, lp=0, pb=2'], 'base64');

/** Forty bytes that are stored, none at all, and one that goes through a filter for programs. */
const stored =
  '/Td6WFoAAAD/EtlBAgAhAQwAAACPmEGcAQAnAK98YmF5qvRc2HIl7NHP5htkxkbajFc7OE59xSulPemzlpKn1SGB+gAAATgoKqGsAgZynnoBAAAAAABZWg==';
const empty = '/Td6WFoAAAD/EtlBAAAAABzfRCEGcp56AQAAAAAAWVo=';
const filtered = '/Td6WFoAAAD/EtlBAgEEACEBEACLIW9JAQAAeAAAAAAAAREBraZYBAZynnoBAAAAAABZWg==';

describe('expanding XZ', () => {
  for (const [title, packed] of Object.entries(packedTexts))
    it(`gives what was compressed with ${title}`, () => {
      assert.deepEqual(expandXz(Buffer.from(packed, 'base64'), text.length), text);
    });

  it('gives what was stored', () => {
    const bytes = Buffer.from(Array.from({ length: 40 }, (_, i) => (i * 7919 * (i + 13)) % 251));

    assert.deepEqual(expandXz(Buffer.from(stored, 'base64'), 1000), bytes);
  });

  it('gives no more than is asked for', () => {
    assert.equal(expandXz(packedText, text.length - 1), 'too-long');
  });

  const broken = {
    'of nothing': Buffer.alloc(0),
    'without its magic': Buffer.from(packedText).fill(0, 0, 6),
    'without blocks': Buffer.from(empty, 'base64'),
    'with a filter before LZMA2': Buffer.from(filtered, 'base64'),
    'that begins without properties': Buffer.from(packedText).fill(0x80, 24, 25),
    'with properties that LZMA2 has not': Buffer.from(packedText).fill(44, 29, 30),
  };
  for (const [title, bytes] of Object.entries(broken))
    it(`calls a stream broken ${title}`, () => {
      assert.equal(expandXz(bytes, 1e6), 'broken');
    });

  it('calls each stream broken that is cut short, and comes to an end with each that is changed', () => {
    const lastNeeded = packedText.length - 30;
    for (let length = 0; length < lastNeeded; length++)
      assert.equal(expandXz(packedText.subarray(0, length), 1e6), 'broken', String(length));
    for (let at = 0; at < packedText.length; at++) {
      const changed = Buffer.from(packedText);
      changed[at] = (changed[at] as number) ^ 0x55;
      const expanded = expandXz(changed, 1000);
      assert.ok(typeof expanded === 'string' || expanded.length <= 1000, String(at));
    }
  });

  it('gives what has many chunks, stored and packed ones, as xz packs it', function () {
    if (spawnSync('xz', ['--version']).status !== 0) this.skip();
    let state = 1;
    const noise = Buffer.from(
      Array.from({ length: 200_000 }, () => (state = Math.imul(state, 48271) & 0x7fffffff) & 255),
    );
    const bytes = Buffer.concat([text, noise, ...Array.from({ length: 5000 }, () => text), noise]);
    for (const level of ['-0', '-6']) {
      const packed = execFileSync('xz', ['-c', '--check=none', level], {
        input: bytes,
        maxBuffer: 1e8,
      });
      const expanded = expandXz(packed, bytes.length);
      assert.ok(typeof expanded !== 'string' && expanded.equals(bytes), level);
    }
  });
});
