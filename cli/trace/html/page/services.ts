import type { TraceSpan } from '../../model.ts';
import { servicesOf } from '../../services.ts';

/** How the spans of a service look: a colour and, for who does not see colours, a shape. */
export interface ServiceLook {
  readonly name: string;
  readonly spans: number;
  /** 0 to 9: a colour of the style sheet. */
  readonly colour: number;
  /** 0 to 9: an outline. */
  readonly shape: number;
}

const colours = 10;

/** Services that most traces have look the same in all of them, so that two pages can be laid side by side. */
const wellKnown: ReadonlyMap<string, number> = new Map([
  ['pod-prober', 0],
  ['apiserver', 1],
  ['etcd', 2],
  ['kubelet', 3],
  ['containerd', 4],
  ['correlator', 5],
]);

/** The services by name, in the order in which they first appear; up to a hundred look different. */
export function looksOf(spans: readonly TraceSpan[]): Map<string, ServiceLook> {
  const services = servicesOf(spans);
  const taken = new Set([...services.keys()].map((name) => wellKnown.get(name)));
  let next = 0;
  const free = (): number => {
    while (taken.has(next)) next += 1;
    taken.add(next);
    return next;
  };
  return new Map(
    [...services.values()].map(({ name, spans: count }) => {
      const look = wellKnown.get(name) ?? free();
      const colour = look % colours;
      const shape = (colour + Math.floor(look / colours)) % colours;
      return [name, { name, spans: count, colour, shape }];
    }),
  );
}
