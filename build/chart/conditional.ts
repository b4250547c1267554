import { isDeepStrictEqual } from 'node:util';

/** When a part is there: always; where one of `any` is on; where none of `none` is. */
export interface When {
  readonly any: readonly string[];
  readonly none: readonly string[];
}

/** A part of an object, or one of several that are there under different conditions. */
export interface Part {
  readonly when: When;
  readonly tree: Tree;
}

export type Tree =
  | { readonly kind: 'leaf'; readonly value: unknown }
  | { readonly kind: 'map'; readonly entries: readonly (readonly [string, readonly Part[]])[] }
  | { readonly kind: 'list'; readonly items: readonly Part[] };

/** What a part is with each switch on by itself; undefined: it is not there. */
export type Variants = ReadonlyMap<string, unknown>;

export const always: When = { any: [], none: [] };

/**
 * One tree of what a part is without any switch and with each, so that whoever sets several gets the changes of each.
 * Two switches may add to one map or list, but not change the same leaf to different values: then it throws.
 */
export function merge(base: unknown, variants: Variants, path = ''): readonly Part[] {
  const changing = [...variants].filter(([, value]) => !isDeepStrictEqual(value, base));
  if (base === undefined) return added(changing, variants, path);
  const gone = changing.filter(([, value]) => value === undefined).map(([name]) => name);
  const changed = changing.filter(([, value]) => value !== undefined);
  const when = { any: [], none: gone };
  if (changed.length === 0) return [{ when, tree: whole(base) }];
  const there = new Map([...variants].filter(([, value]) => value !== undefined));
  const inside = mergeInside(base, there, path);
  if (inside !== undefined) return [{ when, tree: inside }];
  const names = changed.map(([name]) => name);
  return [
    { when: { any: [], none: [...gone, ...names] }, tree: whole(base) },
    ...replacing(changed, path),
  ];
}

function added(
  changing: readonly (readonly [string, unknown])[],
  variants: Variants,
  path: string,
): readonly Part[] {
  const [first] = changing;
  if (first === undefined) return [];
  const when = { any: changing.map(([name]) => name), none: [] };
  const empty = emptyLike(first[1]);
  const same = changing.every(([, value]) => isDeepStrictEqual(value, first[1]));
  if (same) return [{ when, tree: whole(first[1]) }];
  const there = new Map([...variants].filter(([, value]) => value !== undefined));
  const inside = empty === undefined ? undefined : mergeInside(empty, there, path);
  return inside === undefined ? replacing(changing, path) : [{ when, tree: inside }];
}

function replacing(changed: readonly (readonly [string, unknown])[], path: string): Part[] {
  const [first] = changed;
  if (changed.some(([, value]) => !isDeepStrictEqual(value, first?.[1])))
    throw new Error(
      `${path} is set to different values by ${changed.map(([name]) => name).join(' and ')}`,
    );
  return [{ when: { any: changed.map(([name]) => name), none: [] }, tree: whole(first?.[1]) }];
}

function mergeInside(base: unknown, variants: Variants, path: string): Tree | undefined {
  const all = [base, ...variants.values()];
  if (all.every(isMap)) return mergeMaps(base, variants, path);
  if (all.every(Array.isArray)) return mergeLists(base, variants, path);
  return undefined;
}

function mergeMaps(base: unknown, variants: Variants, path: string): Tree {
  const maps = [base, ...variants.values()].filter(isMap);
  const keys = new Set(maps.flatMap((each) => Object.keys(each)));
  return {
    kind: 'map',
    entries: [...keys].toSorted().map((key) => [
      key,
      merge(
        at(base, key),
        mapValues(variants, (each) => at(each, key)),
        `${path}.${key}`,
      ),
    ]),
  };
}

function mergeLists(base: unknown, variants: Variants, path: string): Tree {
  const lists = [base, ...variants.values()].map(keyed);
  const order = lists.reduce<readonly string[]>(inserted, []);
  return {
    kind: 'list',
    items: order.flatMap((key) =>
      merge(
        keyed(base).get(key),
        mapValues(variants, (each) => keyed(each).get(key)),
        `${path}[${key}]`,
      ),
    ),
  };
}

/** Keys of `order`, and those of `more` that are new after the one that they come after. */
function inserted(order: readonly string[], more: ReadonlyMap<string, unknown>): readonly string[] {
  const all = [...order];
  let after = -1;
  for (const key of more.keys()) {
    const found = all.indexOf(key);
    if (found === -1) all.splice(after + 1, 0, key);
    after = found === -1 ? after + 1 : Math.max(found, after);
  }
  return all;
}

/** Items by what names them: as in Kubernetes a name, with a path or port where one name may stand twice, or all that they are. */
function keyed(list: unknown): ReadonlyMap<string, unknown> {
  const items: readonly unknown[] = Array.isArray(list) ? list : [];
  return new Map(
    items.map((item) => {
      const name = at(item, 'name');
      const key =
        typeof name === 'string'
          ? `${name} ${text(at(item, 'mountPath'))}${text(at(item, 'kind'))}`
          : JSON.stringify(item);
      return [key, item];
    }),
  );
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function whole(value: unknown): Tree {
  if (Array.isArray(value))
    return {
      kind: 'list',
      items: value.map((each: unknown) => ({ when: always, tree: whole(each) })),
    };
  if (isMap(value))
    return {
      kind: 'map',
      entries: Object.entries(value)
        .toSorted(([a], [b]) => (a < b ? -1 : 1))
        .map(([key, each]) => [key, [{ when: always, tree: whole(each) }]]),
    };
  return { kind: 'leaf', value };
}

function emptyLike(value: unknown): unknown {
  if (Array.isArray(value)) return [];
  return isMap(value) ? {} : undefined;
}

function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function at(value: unknown, key: string): unknown {
  return isMap(value) && Object.hasOwn(value, key) ? value[key] : undefined;
}

function mapValues(variants: Variants, change: (value: unknown) => unknown): Variants {
  return new Map([...variants].map(([name, value]) => [name, change(value)]));
}
