import { isIP } from 'node:net';

import type { MeshPlace } from '../../shared/mesh/tally-report.ts';

/** A pinger to ask. */
export interface Pinger {
  /** Of its metrics port, without a path: `http://10.0.0.7:2112`. */
  readonly url: string;
  /** Where it is, as far as it is known before it answers; undefined: not at all. */
  readonly place: MeshPlace | undefined;
}

interface Slice {
  readonly metadata?: { readonly namespace?: string };
  readonly addressType?: string;
  readonly ports?:
    | readonly { readonly name?: string; readonly port?: number; readonly protocol?: string }[]
    | null;
  readonly endpoints?: readonly Endpoint[] | null;
}

interface Endpoint {
  readonly addresses?: readonly string[];
  readonly nodeName?: string;
  readonly zone?: string;
  readonly conditions?: { readonly terminating?: boolean };
  readonly targetRef?: {
    readonly kind?: string;
    readonly name?: string;
    readonly namespace?: string;
  };
}

/**
 * The pingers of an EndpointSlice at its port of a name. Those that are not ready are asked, too: a pinger that hangs is to be seen
 * as silent. Those that end are not.
 */
export function slicePingers(object: unknown, portName: string): readonly Pinger[] {
  const { metadata, addressType, ports, endpoints } = object as Slice;
  const port = ports?.find(({ name }) => name === portName)?.port;
  if (addressType === 'FQDN' || port === undefined) return [];
  return (endpoints ?? [])
    .filter(({ conditions }) => conditions?.terminating !== true)
    .flatMap(({ addresses = [], nodeName = '', zone = '', targetRef }) => {
      const [address = ''] = addresses;
      if (isIP(address) === 0) return [];
      const host = isIP(address) === 6 ? `[${address}]` : address;
      const pod = targetRef?.kind === 'Pod' ? (targetRef.name ?? '') : '';
      const namespace = targetRef?.namespace ?? metadata?.namespace ?? '';
      const known = nodeName !== '' || pod !== '';
      const place = known ? { node: nodeName, zone, rack: '', namespace, pod } : undefined;
      return [{ url: `http://${host}:${port}`, place }];
    });
}

/** Each pinger once: with two families of addresses it is in two slices, and one that is fixed may be in one, too. The first counts. */
export function distinctPingers(pingers: Iterable<Pinger>): readonly Pinger[] {
  const known = new Set<string>();
  return [...pingers].filter(({ url, place }) => {
    const pod = place === undefined || place.pod === '' ? [] : [`${place.namespace}/${place.pod}`];
    const names = [new URL(url).origin, ...pod];
    const fresh = !names.some((name) => known.has(name));
    for (const name of names) known.add(name);
    return fresh;
  });
}
