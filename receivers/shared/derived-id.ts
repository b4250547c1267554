import { createHash } from 'node:crypto';

/**
 * The span id that everyone who knows the trace id can work out: the first 8 bytes of
 * SHA-256("<trace id hex>:<span name>"), as 16 hex digits. A name that can repeat in a trace
 * carries `#<container>` or `#<n>`.
 */
export function derivedSpanId(traceId: string, name: string): string {
  return createHash('sha256').update(`${traceId}:${name}`).digest('hex').slice(0, 16);
}
