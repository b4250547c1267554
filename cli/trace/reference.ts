/** Which trace is asked for. */
export type TraceReference =
  | { readonly kind: 'id'; readonly traceId: string }
  | { readonly kind: 'pod'; readonly namespace: string; readonly pod: string }
  | { readonly kind: 'last' };

export type ParsedReference =
  | { readonly kind: 'ok'; readonly reference: TraceReference }
  | { readonly kind: 'invalid'; readonly problem: string };

const traceIdPattern = /^[0-9a-f]{32}$/i;
const label = '[a-z0-9](?:[-a-z0-9]{0,61}[a-z0-9])?';
const podPattern = new RegExp(`^(${label})/(${label}(?:\\.${label})*)$`);

/** Reads `<trace id>`, `<namespace>/<pod>` or `last`. */
export function parseReference(text: string): ParsedReference {
  if (text === 'last') {
    return { kind: 'ok', reference: { kind: 'last' } };
  }
  if (traceIdPattern.test(text)) {
    return /^0+$/.test(text)
      ? { kind: 'invalid', problem: 'a trace id of zeros alone names no trace' }
      : { kind: 'ok', reference: { kind: 'id', traceId: text.toLowerCase() } };
  }
  const pod = podPattern.exec(text);
  if (pod?.[1] !== undefined && pod[2] !== undefined) {
    return { kind: 'ok', reference: { kind: 'pod', namespace: pod[1], pod: pod[2] } };
  }
  return {
    kind: 'invalid',
    problem: `expected a trace id of 32 hexadecimal digits, NAMESPACE/POD or last, got '${text}'`,
  };
}

/** The reference as a message names it. */
export function describeReference(reference: TraceReference): string {
  switch (reference.kind) {
    case 'id':
      return `trace ${reference.traceId}`;
    case 'pod':
      return `a trace of pod ${reference.namespace}/${reference.pod}`;
    case 'last':
      return 'a trace of a probe';
  }
}
