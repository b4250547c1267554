/** Flags of a command line by name, without dashes; a flag without a value is `true`, the last of a name counts. */
export function parseFlags(args: readonly string[]): ReadonlyMap<string, string> {
  const flags = new Map<string, string>();
  for (const [index, arg] of args.entries()) {
    const match = /^--?([^=]+)(?:=([^]*))?$/.exec(arg);
    if (match === null) continue;
    const [, name = '', value] = match;
    const next = args[index + 1];
    flags.set(name, value ?? (next === undefined || next.startsWith('-') ? 'true' : next));
  }
  return flags;
}

/** Settings that etcd takes from its environment: ETCD_DATA_DIR is --data-dir; a flag counts more. */
export function etcdFlags(
  args: readonly string[],
  env: Readonly<Record<string, string>>,
): ReadonlyMap<string, string> {
  const variables = Object.entries(env)
    .filter(([name]) => name.startsWith('ETCD_'))
    .map(([name, value]) => [name.slice(5).toLowerCase().replaceAll('_', '-'), value] as const);
  return new Map([...variables, ...parseFlags(args)]);
}
