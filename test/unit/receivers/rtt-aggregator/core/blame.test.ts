import assert from 'node:assert/strict';

import {
  findBlame,
  type Blame,
  type MeshTally,
} from '../../../../../receivers/rtt-aggregator/core/blame.ts';

const nodes = 100;
const zones = 4;
const shape = { zones, zoneOf: Int32Array.from({ length: nodes }, (_, node) => node % zones) };
const rules = { usualLoss: 2e-4, evidence: 12 };

/** A minute of ten probes a second from each node, spread evenly, with these losses. */
function tally(losses: MeshTally['losses']): MeshTally {
  const each = 600 / zones;
  return {
    sentToZone: new Float64Array(nodes * zones).fill(each),
    sentFromZone: new Float64Array(nodes * zones).fill(each),
    losses,
  };
}

const spread = (count: number, loss: (index: number) => { from: number; to: number }) =>
  Array.from({ length: count }, (_, index) => loss(index));
const atNode = (node: number, count: number) =>
  spread(count, (index) => ({
    from: index % 2 === 0 ? node : (index * 7) % nodes,
    to: index % 2 === 0 ? (index * 11) % nodes : node,
  }));
const betweenZones = (from: number, to: number, count: number) =>
  spread(count, (index) => ({
    from: from + zones * (index % 25),
    to: to + zones * ((index * 3) % 25),
  }));

function names(blames: readonly Blame[]): string[] {
  return blames.map((blame) =>
    blame.kind === 'node' ? `node ${blame.node}` : `${blame.kind} ${blame.from} ${blame.to}`,
  );
}

describe('findBlame', () => {
  it('blames nobody for a few losses here and there', () => {
    const few = spread(15, (index) => ({
      from: (index * 13) % nodes,
      to: (index * 29 + 1) % nodes,
    }));

    assert.deepEqual(findBlame(shape, tally(few), rules), []);
  });

  it('blames a node, not those whom it lost probes with', () => {
    const [blame, ...others] = findBlame(shape, tally(atNode(42, 14)), rules);

    assert.deepEqual(others, []);
    assert.equal(blame?.kind, 'node');
    assert.equal(blame.node, 42);
    assert.ok(Math.abs(blame.loss - 14 / 1200) < 1e-6);
  });

  it('blames a directed pair of zones, not its nodes and not the other direction', () => {
    assert.deepEqual(names(findBlame(shape, tally(betweenZones(1, 3, 60)), rules)), ['zones 1 3']);
  });

  it('tells a node from a pair of zones where both are at fault', () => {
    const both = [...betweenZones(1, 3, 60), ...atNode(42, 14)];

    assert.deepEqual(names(findBlame(shape, tally(both), rules)), ['zones 1 3', 'node 42']);
  });

  describe('that knows what each link lost', () => {
    /** Three nodes of one zone that probe each other once a second for a minute. */
    const few = { zones: 1, zoneOf: new Int32Array(3) };
    const sent = 60;

    function small(lostBy: Readonly<Record<string, number>>, silent: readonly number[] = []) {
      const links = Object.entries(lostBy).map(([pair, lost]) => {
        const [from = 0, to = 0] = pair.split('>').map(Number);
        return { from, to, sent, lost };
      });
      const heard = [0, 1, 2].filter((node) => !silent.includes(node));
      return {
        sentToZone: Float64Array.from([0, 1, 2], (node) => (heard.includes(node) ? 2 * sent : 0)),
        sentFromZone: Float64Array.from(
          [0, 1, 2],
          (node) => sent * heard.filter((each) => each !== node).length,
        ),
        losses: links,
        links: { candidates: links, among: 6 },
      };
    }

    it('blames a link that loses all in one direction, and neither of its nodes', () => {
      assert.deepEqual(names(findBlame(few, small({ '0>1': 60 }), rules)), ['link 0 1']);
    });

    it('blames a link that loses a tenth', () => {
      const [blame] = findBlame(few, small({ '0>1': 6 }), rules);

      assert.equal(blame?.kind, 'link');
      assert.equal(blame.loss, 0.1);
    });

    it('blames a node that nobody reaches, not the links to it', () => {
      const dead = small({ '0>2': 60, '1>2': 60 }, [2]);

      assert.deepEqual(names(findBlame(few, dead, rules)), ['node 2']);
    });

    it('blames the one link where nothing tells a node from it', () => {
      assert.deepEqual(names(findBlame(few, small({ '0>2': 60 }, [1, 2]), rules)), ['link 0 2']);
    });

    it('blames nobody for a lost probe here and there', () => {
      assert.deepEqual(names(findBlame(few, small({ '0>1': 1, '2>0': 1 }), rules)), []);
    });
  });
});
