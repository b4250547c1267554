import assert from 'node:assert/strict';
import { inflateSync } from 'node:zlib';

/** A picture whose pixels can be read. */
export interface Picture {
  readonly width: number;
  readonly height: number;
  /** `#rrggbb` of a pixel, counted from the upper left corner. */
  readonly colourAt: (x: number, y: number) => string;
}

const signatureBytes = 8;

/** Decodes a PNG of 8 bits a channel, RGB or RGBA and not interlaced: what a browser's screenshot is. */
export function decodePng(png: Buffer): Picture {
  const width = png.readUInt32BE(16);
  const height = png.readUInt32BE(20);
  const [depth, type, , , interlace] = png.subarray(24, 29);
  assert.deepEqual({ depth, interlace }, { depth: 8, interlace: 0 });
  assert.ok(type === 2 || type === 6, `expected a PNG of type 2 or 6, got ${type}`);
  const channels = type === 6 ? 4 : 3;
  const pixels = unfilter(inflateSync(imageData(png)), width * channels, channels);
  return {
    width,
    height,
    colourAt: (x, y) => {
      const at = (Math.floor(y) * width + Math.floor(x)) * channels;
      return `#${pixels.subarray(at, at + 3).toString('hex')}`;
    },
  };
}

function imageData(png: Buffer): Buffer {
  const parts: Buffer[] = [];
  for (let at = signatureBytes; at < png.length;) {
    const length = png.readUInt32BE(at);
    if (png.toString('latin1', at + 4, at + 8) === 'IDAT') {
      parts.push(png.subarray(at + 8, at + 8 + length));
    }
    at += length + 12;
  }
  return Buffer.concat(parts);
}

/** Undoes the filters of the lines, each of which begins with the number of its own. */
function unfilter(lines: Buffer, lineBytes: number, pixelBytes: number): Buffer {
  const height = lines.length / (lineBytes + 1);
  const pixels = Buffer.alloc(lineBytes * height);
  for (let y = 0; y < height; y += 1) {
    const filter = lines[y * (lineBytes + 1)];
    for (let x = 0; x < lineBytes; x += 1) {
      const at = y * lineBytes + x;
      const left = x < pixelBytes ? 0 : (pixels[at - pixelBytes] ?? 0);
      const up = y === 0 ? 0 : (pixels[at - lineBytes] ?? 0);
      const corner = y === 0 || x < pixelBytes ? 0 : (pixels[at - lineBytes - pixelBytes] ?? 0);
      const predicted = [0, left, up, (left + up) >> 1, paeth(left, up, corner)][filter ?? 0] ?? 0;
      pixels[at] = (lines[y * (lineBytes + 1) + 1 + x] ?? 0) + predicted;
    }
  }
  return pixels;
}

/** Of the three neighbours the one that is nearest to their plane. */
function paeth(left: number, up: number, corner: number): number {
  const guess = left + up - corner;
  const [toLeft, toUp, toCorner] = [left, up, corner].map((each) => Math.abs(guess - each)) as [
    number,
    number,
    number,
  ];
  if (toLeft <= toUp && toLeft <= toCorner) return left;
  return toUp <= toCorner ? up : corner;
}
