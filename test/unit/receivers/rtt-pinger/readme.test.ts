import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';

import { z } from 'zod';

import { protocolMetrics } from '../../../../receivers/rtt-pinger/core/protocol-families.ts';
import { rttMetrics } from '../../../../receivers/rtt-pinger/core/rtt-families.ts';
import { failureReasons } from '../../../../receivers/rtt-pinger/core/sample.ts';
import { methodMetric, selfMetrics } from '../../../../receivers/rtt-pinger/core/self-families.ts';
import { configSchema } from '../../../../receivers/rtt-pinger/schema.ts';

const path = new URL('../../../../receivers/rtt-pinger/README.md', import.meta.url);
const readme = readFileSync(path, 'utf8');

interface Node {
  readonly description?: string;
  readonly properties?: Readonly<Record<string, Node>>;
}

/** The rows of the table with this head, their cells apart. */
function table(head: readonly string[]): string[][] {
  const rows = readme.split('\n').map((line) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
  const at = rows.findIndex((row) => row.join(' ') === head.join(' '));
  assert.ok(at >= 0, `a table of ${head.join(', ')}`);
  const end = rows.findIndex((row, index) => index > at && row.length === 0);
  return rows.slice(at + 2, end);
}

function described(node: Node, under = ''): string[][] {
  return Object.entries(node.properties ?? {}).flatMap(([key, value]) => {
    const name = under === '' ? key : `${under}.${key}`;
    const own = value.description === undefined ? [] : [[`\`${name}\``, value.description]];
    return [...own, ...described(value, name)];
  });
}

describe('README of the pinger', () => {
  it('tells every key of the configuration as the schema does', () => {
    const schema = z.toJSONSchema(configSchema, { io: 'input' }) as Node;

    assert.deepEqual(table(['key', 'meaning']), described(schema));
  });

  it('tells every metric with its unit, and no other', () => {
    const known = [
      ...Object.values(rttMetrics),
      ...Object.values(protocolMetrics),
      ...selfMetrics,
      methodMetric,
    ];

    assert.deepEqual(
      table(['metric', 'unit', 'meaning']),
      known.map(({ name, unit, description }) => [`\`${name}\``, `\`${unit}\``, description]),
    );
  });

  it('tells every reason of a failure', () => {
    const told = /`error.type` is one of ([^.]*)\./.exec(readme.replaceAll('\n', ' '))?.[1];

    assert.equal(told, failureReasons.map((reason) => `\`${reason}\``).join(', '));
  });
});
