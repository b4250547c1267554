import { parseRecord } from '../parse-record.ts';
import type { ReadBoots } from './boot-source.ts';

/** A boot of what was read, by its JSON. */
export function understandText(text: string, asked: string): ReadBoots {
  try {
    return understand(JSON.parse(text), asked);
  } catch {
    const begin = text === '' ? 'nothing' : JSON.stringify(text.slice(0, 40));
    return {
      kind: 'failed',
      problem: `${asked}: expected the JSON of a boot, as kube-latency boot --output json prints it, got ${begin}`,
    };
  }
}

/** A boot of what was read. */
export function understand(raw: unknown, asked: string): ReadBoots {
  const parsed = parseRecord(raw);
  return parsed.kind === 'record'
    ? { kind: 'read', boots: [parsed.record], notes: [] }
    : {
        kind: 'failed',
        problem: `${asked}: expected the JSON of a boot, as kube-latency boot --output json prints it: ${parsed.problem}`,
      };
}
