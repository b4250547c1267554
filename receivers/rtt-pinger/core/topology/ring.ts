import { fingerprintOf } from '../fingerprint.ts';

export interface Member {
  readonly name: string;
  readonly zone: string;
}

/**
 * All members in one order that every member computes alike: zones take turns, in proportion to their sizes, so that a step of
 * any length leads from each zone to every other about equally often. Within a zone the order is that of hashes, which a
 * member that comes or goes disturbs little.
 */
export function ringOf<M extends Member>(members: readonly M[]): readonly M[] {
  const byZone = Map.groupBy(members, ({ zone }) => zone);
  return [...byZone]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([, ofZone], zoneIndex) =>
      ofZone
        .map((member) => ({ member, hash: fingerprintOf(member.name) }))
        .toSorted((a, b) => (a.hash < b.hash ? -1 : 1))
        .map(({ member }, index) => ({ member, place: (index + 0.5) / ofZone.length, zoneIndex })),
    )
    .toSorted((a, b) => a.place - b.place || a.zoneIndex - b.zoneIndex)
    .map(({ member }) => member);
}
