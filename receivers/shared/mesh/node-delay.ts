import { header, labelText, type TextFormat } from '../metrics/text-format.ts';

/** A round trip between two nodes, as the aggregate of all nodes shows it. */
export interface NodeDelay {
  readonly from: string;
  readonly to: string;
  readonly ms: number;
}

const delayHelp = {
  latency_between_nodes: 'Last round trip between two nodes in milliseconds',
  delay: 'Last round trip between two nodes in milliseconds, under its older name',
};

/** `latency_between_nodes` and `delay`, in milliseconds; nothing where there are none. */
export function* nodeDelayText(
  delays: readonly NodeDelay[],
  format: TextFormat,
): Generator<string> {
  if (delays.length === 0) return;
  for (const [name, help] of Object.entries(delayHelp)) {
    yield header(name, 'gauge', format.help(help));
    for (const { from, to, ms } of delays) yield `${name}${labelText({ from, to })} ${ms}\n`;
  }
}
