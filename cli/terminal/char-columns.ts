/** What terminals draw two columns wide: East Asian scripts and pictures. */
const wide =
  /[\u1100-\u115f\u2329\u232a\u2e80-\u303e\u3041-\ua4cf\ua960-\ua97c\uac00-\ud7a3\uf900-\ufaff\ufe10-\ufe19\ufe30-\ufe6f\uff01-\uff60\uffe0-\uffe6\u{1b000}-\u{1b2ff}\u{1f200}-\u{1f265}\u{20000}-\u{3fffd}]|\p{Emoji_Presentation}/u;
/** What they draw upon the character before. */
const none = /[\p{Mn}\p{Me}]/u;

/** Columns that a terminal draws one character in. */
export function charColumns(character: string): 0 | 1 | 2 {
  if (character < '\u0300') return 1;
  if (none.test(character)) return 0;
  return wide.test(character) ? 2 : 1;
}
