import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Pack } from '../../../../../receivers/log-tailer/packs/pack.ts';
import { loadPack } from '../../../../../receivers/log-tailer/packs/load-pack.ts';

const head = 'name: own\ntitle: Own\nevidence: unverified\n';
const event = (more: string) =>
  `${head}extends: [node]\nevents:\n  - metric: own_start\n    name: Own Start\n${more}`;

/** Each is wrong in one way: what is said of it, behind the file's name. */
const invalid: readonly (readonly [string, string, RegExp])[] = [
  ['a file that is no YAML', 'name: [', /^reading .*own\.yaml: Flow sequence/],
  [
    'a key twice',
    `${head}name: other\n`,
    /^reading .*own\.yaml: Map keys must be unique at line 4/,
  ],
  ['an unknown key', `${head}event: []\n`, /: configuration: Unrecognized key: "event"/],
  ['no name', 'title: Own\nevidence: unverified\n', /name: .*expected string/],
  ['no word on evidence', 'name: own\ntitle: Own\n', /evidence: Invalid input/],
  [
    'an unknown kind of source',
    `${head}sources: { A: { kind: syslog } }\n`,
    /sources\.A\.kind \(line 4\): .*expected one of "messages"/,
  ],
  [
    'a path that is not absolute',
    `${head}sources: { A: { kind: messages, files: [a] } }\n`,
    /sources\.A\.files\.0 \(line 4\)/,
  ],
  [
    'an unknown key of an event',
    event('    sources: [Journal]\n    pattern: abc\n    regex: a\n'),
    /events\.0 \(line 6\): Unrecognized key: "regex"/,
  ],
  [
    'a metric with capitals',
    event('    sources: [Journal]\n    pattern: abc\n').replace('own_start', 'Own'),
    /events\.0\.metric \(line 6\): expected small letters, digits and underscores, 63 at most, got "Own"/,
  ],
  [
    'a metric twice',
    `${event('    sources: [Journal]\n    pattern: abc\n')}  - { metric: own_start, name: A, sources: [K8s] }\n`,
    /events\.1\.metric \(line 10\): expected one that nothing else in events has, got 'own_start' again/,
  ],
  [
    'an unknown source',
    event('    sources: [Jornal]\n    pattern: abc\n'),
    /events\.0\.sources\.0 \(line 8\): expected a source, one of 'K8s', 'Journal', .*, got 'Jornal'/,
  ],
  [
    'a source without a pattern',
    event('    sources: [Journal]\n'),
    /events\.0 \(line 6\): expected a pattern for the source 'Journal', got none/,
  ],
  [
    'a pattern for another source',
    event('    sources: [Journal]\n    pattern: abc\n    patterns: { Messages: abc }\n'),
    /events\.0\.patterns\.Messages \(line 10\): expected one of its sources, Journal, got "abc"/,
  ],
  [
    'a pattern for an API',
    event('    sources: [K8s]\n    patterns: { K8s: abc }\n'),
    /events\.0\.patterns\.K8s \(line 9\): expected none/,
  ],
  [
    'a pattern that is broken',
    event('    sources: [Journal]\n    pattern: "abc[x"\n'),
    /events\.0\.pattern \(line 9\): own_start: expected a pattern in RE2's syntax, got missing closing \] at character 4: "\[x"/,
  ],
  [
    'a pattern with what RE2 has not',
    event('    sources: [Journal]\n    pattern: "abc(?!x)"\n'),
    /own_start: expected a pattern in RE2's syntax, got /,
  ],
  [
    'a pattern without a text',
    event('    sources: [Journal]\n    pattern: "(a+)+$"\n'),
    /own_start: expected a text of 3 bytes or more that every match has, got "a"/,
  ],
  [
    'a pattern of a single source without a text',
    event(
      '    sources: [Journal, Messages]\n    pattern: abc\n    patterns: { Messages: "a|b" }\n',
    ),
    /events\.0\.patterns\.Messages \(line 10\): own_start: expected a text/,
  ],
  [
    'what is left out and is not there',
    `${head}extends: [node]\nwithout: [kubelet]\n`,
    /without\.0 \(line 5\): expected the metric of an event or counter, got 'kubelet'/,
  ],
  [
    'evidence of what is not there',
    head.replace('unverified', '[{ log: "https://a.b", of: x, events: [none] }]'),
    /evidence\.0\.events\.0 \(line 3\): expected the metric of an event or counter, got 'none'/,
  ],
  [
    'evidence without an address',
    head.replace('unverified', '[{ log: here, of: x, events: [none] }]'),
    /evidence/,
  ],
  [
    'an unknown pack',
    `${head}extends: [al1]\n`,
    /^pack 'al1': expected one of node, eks, .*, or a path that begins with/,
  ],
  [
    'itself',
    `${head}extends: [./own.yaml]\n`,
    /own\.yaml extends .*own\.yaml: expected no pack that extends itself/,
  ],
  [
    'a file that is not there',
    `${head}extends: [./other.yaml]\n`,
    /^reading .*other\.yaml: ENOENT/,
  ],
];

describe('loadPack()', () => {
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'kube-latency-test-'));
  });

  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  function load(text: string): Promise<Pack> {
    writeFileSync(join(folder, 'own.yaml'), text);
    return loadPack('./own.yaml', folder);
  }

  it('gives a built-in pack by its name', async () => {
    assert.equal((await loadPack('al2', '/')).title, 'Amazon Linux 2');
  });

  it('adds to a pack that is extended', async () => {
    const pack = await load(
      event('    sources: [Journal]\n    pattern: abc\n    selector: last\n'),
    );
    const node = await loadPack('node', '/');

    assert.deepEqual(pack.events.slice(0, -1), node.events);
    assert.deepEqual(pack.events.at(-1), {
      metric: 'own_start',
      name: 'Own Start',
      aliases: [],
      selector: 'last',
      terminal: false,
      place: 'within',
      tells: 'nothing',
      sources: ['Journal'],
      patterns: [{ source: 'Journal', pattern: 'abc' }],
    });
  });

  it('replaces an event of a pack that is extended, in its place', async () => {
    const pack = await load(
      `${head}extends: [node]\nevents:\n  - { metric: node_ready, name: Own, sources: [Journal], pattern: abc }\n`,
    );
    const metrics = (await loadPack('node', '/')).events.map(({ metric }) => metric);

    assert.deepEqual(
      pack.events.map(({ metric }) => metric),
      metrics,
    );
    assert.equal(pack.events.find(({ metric }) => metric === 'node_ready')?.name, 'Own');
  });

  it('leaves out what is not wanted', async () => {
    const pack = await load(`${head}extends: [node]\nwithout: [node_ready, oom_kills]\n`);

    assert.ok(!pack.events.some(({ metric }) => metric === 'node_ready'));
    assert.ok(!pack.counters.some(({ metric }) => metric === 'oom_kills'));
  });

  it('extends files of users, from where they are', async () => {
    writeFileSync(
      join(folder, 'base.yaml'),
      event('    sources: [K8s]\n').replace('name: own', 'name: base'),
    );
    const pack = await load(`${head}extends: [./base.yaml]\n`);

    assert.equal(pack.events.at(-1)?.metric, 'own_start');
  });

  for (const [what, text, problem] of invalid)
    it(`refuses ${what}`, async () => {
      await assert.rejects(load(text), (error: Error) => {
        assert.equal(error.name, 'ConfigError');
        assert.match(error.message, problem);
        return true;
      });
    });

  it('names every problem at once', async () => {
    const text = event('    sources: [Jornal]\n    pattern: "abc["\n').replace(
      'title: Own',
      'title: Own\nwithout: [a]',
    );

    await assert.rejects(load(text), /expected a source, .*; without\.0/);
  });
});
