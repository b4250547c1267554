import type { Style } from '../terminal/paint.ts';
import type { TraceSpan } from './model.ts';

/** A service of a trace, with the style it is drawn in; red is kept for failures. */
export interface ServiceEntry {
  readonly name: string;
  readonly spans: number;
  readonly style: Style;
}

const palette: readonly Style[] = [
  'cyan',
  'green',
  'yellow',
  'magenta',
  'blue',
  'brightGreen',
  'brightMagenta',
  'brightYellow',
  'brightBlue',
];

/** The services in the order in which they first appear in the drawn rows. */
export function servicesOf(spans: Iterable<TraceSpan>): Map<string, ServiceEntry> {
  const services = new Map<string, ServiceEntry>();
  for (const { service } of spans) {
    const known = services.get(service);
    const style = known?.style ?? palette[services.size % palette.length] ?? 'cyan';
    services.set(service, { name: service, spans: (known?.spans ?? 0) + 1, style });
  }
  return services;
}
