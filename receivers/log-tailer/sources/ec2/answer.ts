import { XMLParser } from 'fast-xml-parser';

/** An element: its text, its only child of a name, or a list of them, which EC2 calls `item`. */
export type XmlNode =
  string | { readonly [name: string]: XmlNode | undefined } | readonly XmlNode[];

const parser = new XMLParser({
  ignoreAttributes: true,
  parseTagValue: false,
  isArray: (name) => name === 'item' || name === 'Error',
});

/** What is in the root element; undefined for what is no XML. */
export function parseAnswer(text: string): XmlNode | undefined {
  try {
    const parsed = parser.parse(text, true) as Record<string, XmlNode>;
    const { '?xml': _, ...roots } = parsed;
    return Object.values(roots)[0];
  } catch {
    return undefined;
  }
}

/** The node at the end of a path; of a list the first. */
function nodeAt(root: XmlNode | undefined, path: readonly string[]): XmlNode | undefined {
  let node = root;
  for (const name of path) {
    if (Array.isArray(node)) [node] = node as readonly XmlNode[];
    if (typeof node !== 'object' || node === null || Array.isArray(node)) return undefined;
    node = (node as Readonly<Record<string, XmlNode | undefined>>)[name];
  }
  if (Array.isArray(node)) return (node as readonly XmlNode[])[0];
  return node;
}

export function textAt(root: XmlNode | undefined, path: readonly string[]): string | undefined {
  const node = nodeAt(root, path);
  return typeof node === 'string' && node !== '' ? node : undefined;
}

/** What an error of EC2 says. */
export function problemOf(root: XmlNode | undefined): string | undefined {
  const error = ['Errors', 'Error'];
  const [code, message] = ['Code', 'Message'].map((name) => textAt(root, [...error, name]));
  const parts = [code, message].filter((each) => each !== undefined);
  return parts.length === 0 ? undefined : parts.join(': ');
}
