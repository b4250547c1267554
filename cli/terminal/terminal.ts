import type { Terminal } from '../command.ts';
import { asciiGlyphs, unicodeGlyphs } from './glyphs.ts';

type Environment = Readonly<Record<string, string | undefined>>;

const defaultWidth = 80;
const defaultHeight = 24;

/**
 * What standard output can show: colour on a terminal that has it and where NO_COLOR is not set; the terminal's size,
 * else COLUMNS, else 80; line-drawing characters unless the locale or the terminal is known not to have them.
 */
export function describeTerminal(
  stream: { readonly isTTY?: boolean; readonly columns?: number; readonly rows?: number },
  env: Environment,
): Terminal {
  const isTerminal = stream.isTTY === true;
  return {
    width:
      (isTerminal ? positive(stream.columns) : undefined) ??
      positive(env['COLUMNS']) ??
      defaultWidth,
    height: isTerminal ? (positive(stream.rows) ?? defaultHeight) : undefined,
    colour: isTerminal && (env['NO_COLOR'] ?? '') === '' && env['TERM'] !== 'dumb',
    glyphs: hasUnicode(env) ? unicodeGlyphs : asciiGlyphs,
  };
}

function hasUnicode(env: Environment): boolean {
  if (env['TERM'] === 'linux' || env['TERM'] === 'dumb') {
    return false;
  }
  const locale = [env['LC_ALL'], env['LC_CTYPE'], env['LANG']].find(
    (value) => (value ?? '') !== '',
  );
  return locale === undefined || /utf-?8/i.test(locale);
}

function positive(value: number | string | undefined): number | undefined {
  const columns = Number(value);
  return Number.isInteger(columns) && columns > 0 ? columns : undefined;
}
