import type { Option } from 'commander';
import { ConfigError } from '../../receivers/shared/errors.ts';

/** What a user's flags are to a prober in the cluster. */
export interface PodFlags {
  /** As the user wrote them, without those that only matter here. */
  readonly flags: readonly string[];
  /** The run may take longer than the CronJob's. */
  readonly lasting: boolean;
}

/** These say how to reach the cluster from here, and how to print here. */
const ours: ReadonlySet<string> = new Set(['--here', '--kubeconfig', '--context', '--output']);
const lengthening: ReadonlySet<string> = new Set(['--count', '--timeout', '--interval']);

/** The flags for a prober in the cluster, which has rights in its own namespace alone. Throws a ConfigError of one line. */
export function podFlags(
  args: readonly string[],
  { options, namespace }: { readonly options: readonly Option[]; readonly namespace: string },
): PodFlags {
  const given = givenFlags(args, options);
  const other = given.find(({ name, value }) => name === '--namespace' && value !== namespace);
  if (other !== undefined) {
    throw new ConfigError(
      `--namespace ${other.value}: expected ${namespace}, where the prober of this cluster may probe; --here probes as you, from this machine`,
    );
  }
  return {
    flags: given.filter(({ name }) => !ours.has(name)).flatMap(({ words }) => words),
    lasting: given.some(({ name }) => lengthening.has(name)),
  };
}

interface GivenFlag {
  /** The long name. */
  readonly name: string;
  readonly value: string | undefined;
  readonly words: readonly string[];
}

/** Splits arguments that commander has accepted, so that all are known options, or the `--` behind them. */
function givenFlags(args: readonly string[], options: readonly Option[]): GivenFlag[] {
  const given: GivenFlag[] = [];
  for (let at = 0; at < args.length; at++) {
    const word = args[at] ?? '';
    const { flag, attached } = splitWord(word);
    const option = options.find(({ long, short }) => long === flag || short === flag);
    if (option === undefined) continue;
    const name = option.long ?? flag;
    if (!option.required || attached !== undefined) {
      given.push({ name, value: attached, words: [word] });
      continue;
    }
    const value = args[++at] ?? '';
    given.push({ name, value, words: [word, value] });
  }
  return given;
}

/** `--count=3`, `-ojson`. */
function splitWord(word: string): { readonly flag: string; readonly attached: string | undefined } {
  if (!word.startsWith('--')) {
    return { flag: word.slice(0, 2), attached: word.length > 2 ? word.slice(2) : undefined };
  }
  const equals = word.indexOf('=');
  return equals === -1
    ? { flag: word, attached: undefined }
    : { flag: word.slice(0, equals), attached: word.slice(equals + 1) };
}
