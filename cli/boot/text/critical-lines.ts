import type { BootRecord } from '../../../receivers/log-tailer/boot/boot-record.ts';
import { bootTrace } from '../../../receivers/log-tailer/boot/trace/boot-trace.ts';
import { bootRoot } from '../../../receivers/shared/boot-trace.ts';
import { humanDuration } from '../../terminal/duration.ts';
import { padStart, printable, truncateMiddle } from '../../terminal/text.ts';
import type { BootDrawing } from './drawing.ts';

const most = 8;

/** What the end of the boot waited for, the longest first. */
export function criticalLines(record: BootRecord, { width, glyphs, paint }: BootDrawing): string[] {
  const spans = bootTrace(record)?.spans ?? [];
  const waits = spans
    .flatMap(({ name, attributes }) => {
      const seconds = attributes['kube_latency.critical_path.duration'];
      return typeof seconds === 'number'
        ? [{ name: printable(name.slice(bootRoot.length + 1)), seconds }]
        : [];
    })
    .filter(({ seconds }) => seconds > 0)
    .toSorted((a, b) => b.seconds - a.seconds)
    .slice(0, most);
  if (waits.length === 0) return [];
  const rows = waits.map(({ name, seconds }) => ({
    name,
    time: humanDuration(BigInt(Math.round(seconds * 1e9)), glyphs.micro),
  }));
  const widest = rows.reduce((widths, { time }) => Math.max(widths, time.length), 0);
  return [
    paint('bold', 'what it waited for'),
    ...rows.map(({ name, time }) =>
      truncateMiddle(`${padStart(time, widest)}  ${name}`, width, glyphs.ellipsis),
    ),
  ];
}
