import type { Peer, Wanted } from '../target.ts';
import { isSelf, type Self } from '../targets.ts';
import type { Member } from './ring.ts';

/** A node as the plan knows it, by a name that is the same at all who plan. Its targets take turns. */
export interface PlanMember extends Member {
  readonly targets: readonly Wanted[];
}

/** All members, oneself among them. */
export interface Membership {
  readonly members: readonly PlanMember[];
  readonly self: string;
}

/**
 * Nodes with what is probed on each of them, in the order of the targets. Who is on no known node is a member by itself. Members are
 * those of the peers as all are told of them, oneself among these, so that all who know the same peers have the same ring.
 */
export function membersOf(
  peers: readonly Peer[],
  targets: readonly Wanted[],
  self: Self & { readonly zone: string },
): Membership {
  const ownName = nameOfSelf(peers, self);
  const byName = new Map<string, { zone: string; readonly targets: Wanted[] }>();
  for (const peer of peers) {
    const known = byName.get(memberName(peer));
    if (known === undefined) byName.set(memberName(peer), { zone: peer.zone, targets: [] });
    else if (known.zone === '') known.zone = peer.zone;
  }
  // A file knows no zones, so the others do not know that of oneself.
  if (!byName.has(ownName))
    byName.set(ownName, { zone: ownName === self.node ? self.zone : '', targets: [] });
  for (const target of targets) byName.get(memberName(target.peer))?.targets.push(target);
  return {
    members: Array.from(byName, ([name, { zone, targets: its }]) => ({ name, zone, targets: its })),
    self: ownName,
  };
}

/** The node that a peer is or is on: the same name at every member. */
function memberName({ node, name }: Peer): string {
  return node === '' ? name : node;
}

/**
 * The name that the others have for oneself: that of the peer which is oneself, as all are told of the same peers. Where it is not
 * among them, what the others' peers are like says what it would be.
 */
function nameOfSelf(peers: readonly Peer[], self: Self): string {
  const own = peers.filter((peer) => isSelf(peer, self));
  const known = own.find(({ node }) => node !== '') ?? own[0];
  if (known !== undefined) return memberName(known);
  const byNode = peers.length === 0 || peers.some(({ node }) => node !== '');
  return self.node !== '' && (byNode || self.pod === '') ? self.node : self.pod;
}
