import { isMap, isScalar, isSeq, parseDocument, type Scalar, type YAMLMap } from 'yaml';

/** A place in a file where an image stands by its tag. */
export interface Place {
  /** `node:24`, with the digest where there is one already. */
  readonly image: string;
  /** What is replaced: from and to, in characters of the file. */
  readonly start: number;
  readonly end: number;
  /** What then stands there. */
  readonly pinned: (digest: string) => string;
}

/** The text with the digests put in. Every place keeps its tag, for people to read. */
export function pinPlaces(
  text: string,
  places: readonly Place[],
  digestOf: (image: string) => string,
): string {
  return places
    .toSorted((a, b) => b.start - a.start)
    .reduce(
      (all, { image, start, end, pinned }) =>
        all.slice(0, start) + pinned(digestOf(image)) + all.slice(end),
      text,
    );
}

/** `ARG NAME_IMAGE=node:24` of a Dockerfile. */
export function dockerfilePlaces(text: string): Place[] {
  return placesOnLines(text, /^(ARG \w*IMAGE=)(\S+)$/gm);
}

/** `image: node:24` of a compose file. */
export function composePlaces(text: string): Place[] {
  return placesOnLines(text, /^( *image: )(\S+)$/gm);
}

/** Matches have what stands before the image, and the image. */
function placesOnLines(text: string, line: RegExp): Place[] {
  return [...text.matchAll(line)].map(({ index, 1: before = '', 2: image = '' }) => {
    const start = index + before.length;
    const pinned = (digest: string): string => `${image.replace(/@.*$/, '')}@${digest}`;
    return { image, start, end: start + image.length, pinned };
  });
}

/** `images` of a kustomization: name or newName, with newTag. The digest goes on a line of its own. */
export function kustomizationPlaces(text: string): Place[] {
  const images = parseDocument(text).get('images');
  if (!isSeq(images)) return [];
  return images.items.flatMap((item) => (isMap(item) ? imagePlace(item, text) : []));
}

function imagePlace(item: YAMLMap, text: string): Place[] {
  const tag = scalar(item, 'newTag');
  const name = scalar(item, 'newName') ?? scalar(item, 'name');
  if (!tag?.range || name === undefined) return [];
  const image = `${String(name.value)}:${tag.source ?? String(tag.value)}`;
  const digest = scalar(item, 'digest');
  if (digest?.range) {
    const [start, end] = digest.range;
    return [{ image, start, end, pinned: (found) => found }];
  }
  if (item.flow === true) {
    const [, at] = tag.range;
    return [{ image, start: at, end: at, pinned: (found) => `, digest: ${found}` }];
  }
  const lineEnd = text.indexOf('\n', tag.range[1]);
  const end = lineEnd === -1 ? text.length : lineEnd;
  const indent = ' '.repeat(columnOf(item, text));
  return [{ image, start: end, end, pinned: (found) => `\n${indent}digest: ${found}` }];
}

function scalar(item: YAMLMap, key: string): Scalar | undefined {
  const value = item.get(key, true);
  return isScalar(value) ? value : undefined;
}

/** Column of the first key of a block map, which is that of all its keys. */
function columnOf({ range }: YAMLMap, text: string): number {
  const start = range?.[0] ?? 0;
  return start - (text.lastIndexOf('\n', start - 1) + 1);
}
