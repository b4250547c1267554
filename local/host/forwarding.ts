import { findProgram } from './install.ts';
import type { Journal, JournalEntry } from './journal.ts';
import { run, runOk } from './run.ts';

type ForwardRule = Extract<JournalEntry, { kind: 'forward-rule' }>;

const noRules = '-P FORWARD ACCEPT';

/**
 * Lets packets through between the devices and everything else where the host's own rules might not: Docker, for one, has
 * the host drop what it forwards. Where there are no such rules, nothing is done.
 */
export async function allowForwarding(
  devices: readonly string[],
  journal: Journal,
  signal: AbortSignal,
): Promise<void> {
  if ((await findProgram('iptables')) === undefined) return;
  const { code, stdout } = await run('iptables', ['--wait', '--list-rules', 'FORWARD'], { signal });
  if (code !== 0 || stdout.trim() === noRules) return;
  for (const device of devices)
    for (const direction of ['in', 'out'] as const) {
      const rule = { kind: 'forward-rule', direction, device } as const;
      journal.note(rule);
      await runOk('iptables', ['--wait', '--insert', ...ruleArguments(rule)], { signal });
    }
}

/** Removes a rule that was noted, if it was made. */
export async function removeForwardRule(rule: ForwardRule): Promise<void> {
  await run('iptables', ['--wait', '--delete', ...ruleArguments(rule)]);
}

function ruleArguments({ direction, device }: ForwardRule): string[] {
  const match = [`--${direction}-interface`, device, '-m', 'comment', '--comment', 'kube-latency'];
  return ['FORWARD', ...match, '--jump', 'ACCEPT'];
}
