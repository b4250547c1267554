import type { MeshPlace } from '../../shared/mesh/tally-report.ts';

/** A node of the mesh, or a peer that is on none. */
export interface Member {
  readonly name: string;
  zone: number;
  rack: string;
  /** When somebody last named it. */
  namedMs: number;
  /** When its own pinger was last heard; -Infinity: never. */
  heardMs: number;
  /** When it was first named. */
  readonly sinceMs: number;
}

/** Numbers for names, so that what is counted by member and zone lies in arrays. A number is free again once its member has gone. */
export interface Roster {
  /** The number of the node that a place is on, or of the place where it is on none; -1: there is no room. */
  readonly number: (place: MeshPlace, nowMs: number) => number;
  readonly at: (number: number) => Member | undefined;
  readonly find: (name: string) => number | undefined;
  readonly members: () => Iterable<readonly [number, Member]>;
  readonly size: () => number;
  /** No member has this number or a greater one. */
  readonly end: () => number;
  readonly zones: () => readonly string[];
  /** Forgets who was not named since. */
  readonly forget: (sinceMs: number) => void;
}

/** So many zones have a number of their own; what comes after counts as no zone. */
const maxZones = 256;

/** A roster of so many members at most. */
export function createRoster(most: number): Roster {
  const slots: (Member | undefined)[] = [];
  const numbers = new Map<string, number>();
  const free: number[] = [];
  const zones: string[] = [];
  const zoneNumbers = new Map<string, number>();

  function zoneNumber(zone: string): number {
    const known = zoneNumbers.get(zone);
    if (known !== undefined) return known;
    if (zones.length === maxZones) return zoneNumbers.get('') ?? 0;
    zones.push(zone);
    zoneNumbers.set(zone, zones.length - 1);
    return zones.length - 1;
  }

  function add(name: string, place: MeshPlace, nowMs: number): number {
    if (numbers.size === most) return -1;
    const number = free.pop() ?? slots.length;
    const { zone, rack } = place;
    const member = { name, rack, namedMs: nowMs, heardMs: -Infinity, sinceMs: nowMs };
    slots[number] = { ...member, zone: zoneNumber(zone) };
    numbers.set(name, number);
    return number;
  }

  return {
    number: (place, nowMs) => {
      const name = memberName(place);
      const known = numbers.get(name);
      const member = slots[known ?? -1];
      if (known === undefined || member === undefined) return add(name, place, nowMs);
      member.namedMs = nowMs;
      // Whoever watches no nodes does not know the zones.
      if (place.zone !== '') member.zone = zoneNumber(place.zone);
      if (place.rack !== '') member.rack = place.rack;
      return known;
    },
    at: (number) => slots[number],
    find: (name) => numbers.get(name),
    members: function* members() {
      for (const [number, member] of slots.entries())
        if (member !== undefined) yield [number, member];
    },
    size: () => numbers.size,
    end: () => slots.length,
    zones: () => zones,
    forget: (sinceMs) => {
      for (const [number, member] of slots.entries()) {
        if (member === undefined || member.namedMs >= sinceMs) continue;
        slots[number] = undefined;
        numbers.delete(member.name);
        free.push(number);
      }
    },
  };
}

function memberName({ node, namespace, pod }: MeshPlace): string {
  if (node !== '') return node;
  return namespace === '' ? pod : `${namespace}/${pod}`;
}
