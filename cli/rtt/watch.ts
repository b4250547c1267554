import { sleep } from '../../receivers/shared/deadline.ts';
import type { CommandContext } from '../command.ts';
import { counted } from '../terminal/text.ts';

const everyMs = 5000;
const escape = '\u001b';
/** A screen of its own, without a cursor; and back to what was there before. */
const enterScreen = `${escape}[?1049h${escape}[?25l${escape}[H`;
const leaveScreen = `${escape}[?25h${escape}[?1049l`;
const home = `${escape}[H`;
const eraseLine = `${escape}[K`;
const eraseBelow = `${escape}[J`;

/**
 * Shows a picture anew every few seconds until the user has seen enough, then leaves the last one behind. Where the
 * output is no terminal, the pictures follow each other. `render` rejects only where the watch shall
 * end.
 */
export async function watch(
  context: Pick<CommandContext, 'signal' | 'print' | 'terminal'>,
  render: () => Promise<string>,
): Promise<void> {
  const { signal, print } = context;
  const onScreen = context.terminal.height !== undefined;
  let entered = false;
  let last = '';
  try {
    while (!signal.aborted) {
      last = await render();
      if (onScreen && !entered) print(enterScreen);
      entered = onScreen;
      print(onScreen ? screenful(last, context.terminal.height ?? 0) : `${last}\n`);
      await sleep(everyMs, signal);
    }
  } catch (error) {
    // What the signal ends is what the user wanted.
    if (!signal.aborted) throw error;
  } finally {
    if (entered) print(leaveScreen + last);
  }
}

/** A picture drawn over the one before, without what the screen has no room for. */
function screenful(text: string, height: number): string {
  const lines = text.split('\n');
  const room = Math.max(1, height - 1);
  const shown =
    lines.length <= room
      ? lines
      : [...lines.slice(0, room - 1), `and ${counted(lines.length - room + 1, 'line')} more`];
  return home + shown.map((line) => line + eraseLine).join('\n') + eraseBelow;
}
