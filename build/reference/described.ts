/** A node of a JSON Schema, as far as a table of settings tells it. */
export interface SchemaNode {
  readonly description?: string;
  readonly properties?: Readonly<Record<string, SchemaNode>>;
}

/** Rows of key and description of everything that a schema describes. */
export function described(node: SchemaNode, under = ''): string[][] {
  return Object.entries(node.properties ?? {}).flatMap(([key, value]) => {
    const name = under === '' ? key : `${under}.${key}`;
    const own = value.description === undefined ? [] : [[`\`${name}\``, value.description]];
    return [...own, ...described(value, name)];
  });
}
