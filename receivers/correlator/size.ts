export type ParsedSize =
  | { readonly kind: 'ok'; readonly bytes: number }
  | { readonly kind: 'invalid'; readonly problem: string };

const unitBytes: ReadonlyMap<string, number> = new Map([
  ['B', 1],
  ['KiB', 1024],
  ['MiB', 1024 ** 2],
  ['GiB', 1024 ** 3],
]);

/** Reads a size such as `64KiB` or `32MiB` into bytes. A bare number is refused: its unit would be a guess. */
export function parseSize(text: string): ParsedSize {
  const [, count, unit] = /^(\d+)(B|KiB|MiB|GiB)$/.exec(text) ?? [];
  if (count === undefined || unit === undefined)
    return { kind: 'invalid', problem: `expected a size such as 64KiB or 32MiB, got '${text}'` };
  return { kind: 'ok', bytes: Number(count) * (unitBytes.get(unit) ?? 0) };
}
