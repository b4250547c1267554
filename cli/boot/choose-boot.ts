import { InvalidArgumentError } from 'commander';
import type { BootRecord } from '../../receivers/log-tailer/boot/boot-record.ts';
import { ConfigError } from '../../receivers/shared/errors.ts';

/** Option parser for a boot: 0 the last, -1 the one before it, 1 the first, or how its id begins. */
export function bootArgument(text: string): string {
  if (/^-?\d{1,4}$/.test(text) || /^[0-9a-f]{8,32}$/.test(text)) return text;
  throw new InvalidArgumentError(
    `expected 0 for the last boot, -1 for the one before, 1 for the first, or 8 digits of an id, got '${text}'`,
  );
}

/** The boot that is asked for. Throws a ConfigError where there is none. */
export function chooseBoot(boots: readonly BootRecord[], asked: string): BootRecord {
  const found = /^-?\d{1,4}$/.test(asked)
    ? boots.at(Number(asked) - 1)
    : boots.findLast(({ facts }) => facts.bootId?.startsWith(asked) === true);
  if (found !== undefined) return found;
  const ids = boots.map(({ facts }) => facts.bootId ?? 'one without an id').join(', ');
  throw new ConfigError(`expected a boot ${asked} among ${boots.length} (${ids}), found none`);
}
