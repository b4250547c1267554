import type { Log } from '../shared/log.ts';
import { loadLibc, type Libc } from '../shared/packets/libc.ts';
import { startUdpResponder, type UdpResponder } from '../shared/packets/udp-responder.ts';
import type { OnSample } from './core/sample.ts';
import type { Protocol } from './core/target.ts';
import { openProbers, type OpenedProber } from './edge/open-probers.ts';
import type { Prober } from './edge/prober.ts';
import type { Settings } from './settings.ts';

/** Everything that sends and answers probes. */
export interface ProberSet {
  readonly opened: readonly OpenedProber[];
  readonly byProtocol: Readonly<Partial<Record<Protocol, Prober>>>;
  readonly responses: () => number;
  readonly close: () => void;
}

/** Opens a prober for each protocol, and the responder where it is asked for. What cannot be had is logged once. */
export async function openProberSet(
  config: Settings,
  { log, onSample }: { readonly log: Log; readonly onSample: OnSample },
): Promise<ProberSet> {
  const libc = await loadLibc();
  const { protocols, timeout: timeoutMs, http } = config;
  const responder =
    config.responder || protocols.includes('udp')
      ? await openResponder(libc.kind === 'loaded' ? libc.libc : undefined, config.ports.udp, log)
      : undefined;
  const opened = openProbers({ protocols, libc, timeoutMs, http, onSample });
  for (const { protocol, method, stamps, fallback } of opened)
    if (fallback !== undefined)
      log.warn({ protocol, method, stamps, why: fallback }, 'probes are not made as asked');
  return {
    opened,
    byProtocol: Object.fromEntries(opened.map(({ protocol, prober }) => [protocol, prober])),
    responses: () => responder?.answered() ?? 0,
    close: () => {
      for (const { prober } of opened) prober.close();
      responder?.close();
    },
  };
}

async function openResponder(
  libc: Libc | undefined,
  port: number,
  log: Log,
): Promise<UdpResponder | undefined> {
  if (libc !== undefined) return startUdpResponder(libc, port);
  log.warn({ port }, 'UDP probes of others are not answered: the C library cannot be reached');
  return undefined;
}
