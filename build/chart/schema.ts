/** A JSON schema of the forms that the defaults have; maps that are empty by default take any names. */
export function schemaOf(values: unknown): object {
  return { $schema: 'https://json-schema.org/draft/2020-12/schema', ...formOf(values) };
}

function formOf(value: unknown): object {
  if (Array.isArray(value)) return { type: 'array' };
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value);
    if (entries.length === 0) return { type: 'object' };
    const properties = Object.fromEntries(entries.map(([name, each]) => [name, formOf(each)]));
    return isOpen(entries)
      ? { type: 'object' }
      : { type: 'object', properties, additionalProperties: false };
  }
  if (typeof value === 'number') return { type: ['number', 'string'] };
  return { type: typeof value };
}

/** Requests, limits, selectors and variables may be others than the defaults. */
function isOpen(entries: readonly (readonly [string, unknown])[]): boolean {
  return entries.some(([name]) => /^[A-Z_0-9]+$|^(requests|limits|cpu|memory)$|[./]/.test(name));
}
