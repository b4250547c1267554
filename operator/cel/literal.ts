/** A text as CEL writes it, which knows every escape of JSON. */
export function celText(text: string): string {
  return JSON.stringify(text);
}

export function celTexts(texts: readonly string[]): string {
  return `[${texts.map(celText).join(', ')}]`;
}

/** Fields whose keys are their users' own, not fields of a type. */
const maps: ReadonlySet<string> = new Set(['requests', 'limits']);

/**
 * A value of JSON as a part of a Kubernetes object: what is a type there is written with its name, the path to it from `Object`.
 * Further fields, as CEL, may follow those of the value.
 */
export function celObject(value: unknown, type: string, further: readonly string[] = []): string {
  if (typeof value === 'string') return celText(value);
  if (Array.isArray(value)) return `[${value.map((each) => celObject(each, type)).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return String(value);
  const fields = Object.entries(value).map(([key, each]) =>
    maps.has(key)
      ? `${key}: ${celMap(each as object)}`
      : `${key}: ${celObject(each, `${type}.${key}`)}`,
  );
  return `${type}{${[...fields, ...further].join(', ')}}`;
}

export function celMap(texts: object): string {
  const entries = Object.entries(texts).map(
    ([key, text]) => `${celText(key)}: ${celText(String(text))}`,
  );
  return `{${entries.join(', ')}}`;
}
