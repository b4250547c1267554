import { pick, whole, type Random } from '../../../receivers/correlator/fuzz/random.ts';

/** Somewhere in a value of JSON: what holds it, and by which key. */
interface Place {
  readonly holder: Record<string, unknown>;
  readonly key: string;
}

function placesIn(value: unknown, found: Place[] = []): Place[] {
  if (typeof value !== 'object' || value === null) return found;
  const holder = value as Record<string, unknown>;
  for (const key of Object.keys(holder)) {
    found.push({ holder, key });
    placesIn(holder[key], found);
  }
  return found;
}

function nested(levels: number): unknown {
  let value: unknown = {};
  for (let level = 0; level < levels; level++) value = level % 2 === 0 ? [value] : { a: value };
  return value;
}

const values: readonly unknown[] = [
  null,
  true,
  0,
  -1,
  1e308,
  65_536,
  9090,
  '',
  'net-prober',
  'true',
  '\u0000',
  '\ud800',
  [],
  [null],
  {},
  { name: 'net-prober' },
];

/** Names that mean something to JavaScript or to a patch. */
const keys = ['__proto__', 'constructor', 'toString', 'a/b~c', '', 'name', 'annotations', 'ports'];

const characters = ['"', '{', '}', '[', ']', ',', ':', '\\', '\u0000', '0', '\ufffd'];

const noJson = ['', ' ', 'null', '[]', '"request"', '\ufeff{}', 'NaN', '{"request":{"uid":"'];

/** A change of the value at a place of the request. */
function changing(to: (value: unknown, random: Random) => unknown) {
  return (request: object, random: Random): void => {
    const { holder, key } = pick(random, placesIn(request));
    holder[key] = to(holder[key], random);
  };
}

/** Each changes something in a request. */
export const valueMutations: readonly ((request: object, random: Random) => void)[] = [
  // Another value, mostly of another type.
  changing((_, random) => structuredClone(pick(random, values))),
  // One that is missing.
  (request, random) => {
    const { holder, key } = pick(random, placesIn(request));
    if (Array.isArray(holder)) holder.splice(Number(key), 1);
    else delete holder[key];
  },
  // One that is not expected.
  (request, random) => {
    const { holder } = pick(random, placesIn(request));
    const [key, value] = [pick(random, keys), structuredClone(pick(random, values))];
    const property = { value, enumerable: true, configurable: true, writable: true };
    if (Array.isArray(holder)) holder.push(value);
    else Object.defineProperty(holder, key, property);
  },
  // One level too many.
  changing((value, random) => pick(random, [[value], { a: value }])),
  // Everything twice.
  changing((value) => (Array.isArray(value) ? [...value, ...structuredClone(value)] : value)),
  // A long text, a long list, many levels.
  changing((_, random) => pick(random, ['x', 'ö', '\u0000']).repeat(whole(random, 5000))),
  changing((value, random) => Array.from({ length: whole(random, 30) }, () => value)),
  changing((_, random) => nested(whole(random, 300))),
];

/** Each makes another text of that of a request. */
export const textMutations: readonly ((text: string, random: Random) => string)[] = [
  (text, random) => text.slice(0, whole(random, text.length)),
  (text, random) => {
    const at = whole(random, text.length);
    return text.slice(0, at) + pick(random, characters) + text.slice(at + 1);
  },
  (text) => text.replace('"request":{', '"request":{"uid":"first",'),
  (_, random) => pick(random, ['[', '{"request":']).repeat(whole(random, 2000)),
  (_, random) => pick(random, noJson),
];
