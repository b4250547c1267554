import { findBlame, type Blame, type BlameRules, type LinkTally } from './blame.ts';
import { lossSince } from './cell.ts';
import { findingKey, type Finding } from './finding.ts';
import type { MeshBook } from './mesh-book.ts';
import type { LossRow } from './sent-losses.ts';

/**
 * Who is at fault by what was sent and lost in the last 60 s. In a mesh that is kept by pair every link is weighed against its nodes and
 * zones; in a larger one those links alone that a pinger convicted. Of a link, a node and a pair of zones that explain the same
 * losses the narrowest is named, and what a wider one explains better is not named besides: a dead node is a node, not its links.
 */
export function judge(book: MeshBook, nowMs: number, rules: BlameRules): readonly Finding[] {
  const { roster, counted } = book;
  const oldest = book.slots().oldest(nowMs);
  const shape = { members: roster.end(), zones: roster.zones().length };
  const zoneOf = Uint16Array.from(
    { length: shape.members },
    (_, number) => roster.at(number)?.zone ?? 0,
  );
  const tally = counted.since(oldest, shape);
  const losses = tally.losses.filter(
    ({ from, to }) => roster.at(from) !== undefined && roster.at(to) !== undefined,
  );
  const links = book.byPair() ? everyLink(book, oldest) : convictedLinks(book, losses);
  const blames = findBlame({ zoneOf, zones: shape.zones }, { ...tally, losses, links }, rules);
  return distinct(blames.flatMap((blame) => named(blame, book)));
}

/** A node that is at fault each way by itself is one culprit, with the greater loss. */
function distinct(findings: readonly Finding[]): readonly Finding[] {
  const byKey = new Map<string, Finding>();
  for (const finding of findings.toSorted((a, b) => b.loss - a.loss))
    if (!byKey.has(findingKey(finding))) byKey.set(findingKey(finding), finding);
  return [...byKey.values()];
}

interface Links {
  readonly candidates: readonly LinkTally[];
  readonly among: number;
}

function everyLink(book: MeshBook, oldest: number): Links {
  const candidates: LinkTally[] = [];
  let among = 0;
  for (const { from, to, cell } of book.pairs()) {
    const { sent, lost } = lossSince(cell, oldest);
    if (sent > 0) among++;
    if (lost > 0) candidates.push({ from, to, sent, lost: Math.min(lost, sent) });
  }
  return { candidates, among };
}

function convictedLinks(book: MeshBook, losses: readonly LossRow[]): Links {
  const links = new Map<string, { from: number; to: number; sent: number; lost: number }>();
  for (const { from, to } of book.convicted())
    links.set(`${from}>${to}`, { from, to, sent: 0, lost: 0 });
  for (const { from, to, sent, lost } of losses) {
    const link = links.get(`${from}>${to}`);
    if (link === undefined) continue;
    link.sent += sent;
    link.lost += lost;
  }
  return { candidates: [...links.values()], among: links.size };
}

function named(blame: Blame, { roster }: MeshBook): readonly Finding[] {
  const loss = Math.min(1, blame.loss);
  const name = (number: number): string => roster.at(number)?.name ?? '';
  switch (blame.kind) {
    case 'node':
      return [{ kind: 'node', node: name(blame.node), loss }];
    case 'link':
      return [{ kind: 'link', from: name(blame.from), to: name(blame.to), loss }];
    case 'zones': {
      const zones = roster.zones();
      return [{ kind: 'zones', from: zones[blame.from] ?? '', to: zones[blame.to] ?? '', loss }];
    }
  }
}
