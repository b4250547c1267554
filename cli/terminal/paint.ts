const codes = {
  dim: 2,
  bold: 1,
  red: 31,
  green: 32,
  yellow: 33,
  blue: 34,
  magenta: 35,
  cyan: 36,
  brightGreen: 92,
  brightYellow: 93,
  brightBlue: 94,
  brightMagenta: 95,
} as const;

export type Style = keyof typeof codes;

/** Wraps text in a terminal style; without colour it returns the text as it is. */
export type Paint = (style: Style, text: string) => string;

export function painter(colour: boolean): Paint {
  if (!colour) {
    return (_style, text) => text;
  }
  return (style, text) => (text === '' ? '' : `\x1b[${codes[style]}m${text}\x1b[0m`);
}
