import type { BootRecord } from '../../../receivers/log-tailer/boot/boot-record.ts';
import type { NodeFacts } from '../../../receivers/log-tailer/core/node-facts.ts';
import type { Terminal } from '../../command.ts';
import { humanDuration } from '../../terminal/duration.ts';
import { painter } from '../../terminal/paint.ts';
import { padEnd, printable, truncateMiddle } from '../../terminal/text.ts';
import { titleLines } from '../../terminal/title-lines.ts';
import { utcTime } from '../../terminal/utc-time.ts';
import { criticalLines } from './critical-lines.ts';
import { eventLines } from './event-lines.ts';

export interface BootTextOptions extends Pick<Terminal, 'width' | 'colour' | 'glyphs'> {
  readonly comments: boolean;
}

const narrowest = 40;

/** A boot for people: what happened when, what did not, and what it waited for. No line exceeds the width; no newline after the last. */
export function bootText(record: BootRecord, options: BootTextOptions): string {
  const width = Math.max(narrowest, options.width);
  const drawing = { ...options, width, paint: painter(options.colour) };
  const { facts, measurement } = record;
  const name = printable(facts.name ?? facts.instanceId ?? 'a node');
  const title = truncateMiddle(`boot of ${name}`, width, options.glyphs.ellipsis);
  const missing = measurement.missing.map(({ event, why, awaited }) => ({
    name: printable(event.name),
    why: printable(why),
    awaited,
  }));
  const widest = missing.reduce((most, each) => Math.max(most, each.name.length), 0);
  const sections = [
    titleLines(
      title,
      factsOf(record).map((fact) => truncateMiddle(fact, width, options.glyphs.ellipsis)),
      drawing,
    ),
    eventLines(measurement, drawing),
    criticalLines(record, drawing),
    missing.length === 0
      ? []
      : [
          drawing.paint('bold', 'not told'),
          ...missing.map((each) => {
            const text = `${padEnd(each.name, widest)}  ${each.why}`;
            const line = truncateMiddle(text, width, options.glyphs.ellipsis);
            return drawing.paint(each.awaited ? 'red' : 'dim', line);
          }),
        ],
  ];
  return sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n');
}

function factsOf({ facts, measurement }: BootRecord): string[] {
  const { zero, endUnixNs, complete } = measurement;
  const known: (keyof NodeFacts)[] = [
    'instanceType',
    'architecture',
    'availabilityZone',
    'imageId',
    'osDescription',
  ];
  const took =
    zero === undefined || endUnixNs === undefined
      ? []
      : [`${humanDuration(endUnixNs - zero.atUnixNs)}${complete ? '' : ' so far'}`];
  return [
    ...took,
    ...(complete ? [] : ['not complete']),
    ...known.flatMap((key) => (facts[key] === undefined ? [] : [printable(facts[key])])),
    ...(zero === undefined ? [] : [utcTime(Number(zero.atUnixNs / 1_000_000n))]),
  ];
}
