/** The characters a picture in the terminal is drawn with; each is one column wide. */
export interface Glyphs {
  readonly branch: string;
  readonly lastBranch: string;
  readonly trunk: string;
  readonly gap: string;
  /** A full cell of a bar, its right half where a bar begins, its left half where it ends. */
  readonly bar: string;
  readonly barBegin: string;
  readonly barEnd: string;
  /** A span without length. */
  readonly instant: string;
  readonly grid: string;
  readonly ellipsis: string;
  readonly orphan: string;
  readonly failed: string;
  /** Where a row meets its own column, and where nothing is known. */
  readonly itself: string;
  readonly missing: string;
  readonly separator: string;
  readonly micro: string;
}

export const unicodeGlyphs: Glyphs = {
  branch: '├╴',
  lastBranch: '└╴',
  trunk: '│ ',
  gap: '  ',
  bar: '━',
  barBegin: '╺',
  barEnd: '╸',
  instant: '┃',
  grid: '┊',
  ellipsis: '…',
  orphan: '?',
  failed: '✗',
  itself: '╲',
  missing: '?',
  separator: '·',
  micro: 'µ',
};

export const asciiGlyphs: Glyphs = {
  branch: '|-',
  lastBranch: '`-',
  trunk: '| ',
  gap: '  ',
  bar: '=',
  barBegin: '=',
  barEnd: '=',
  instant: '|',
  grid: ':',
  ellipsis: '~',
  orphan: '?',
  failed: 'x',
  itself: '\\',
  missing: '?',
  separator: '-',
  micro: 'u',
};
