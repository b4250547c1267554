import assert from 'node:assert/strict';
import { appendFile, mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { Occurrence } from '../../../../../receivers/log-tailer/core/occurrence.ts';
import {
  followNode,
  type FollowedNode,
  type FollowNodeOptions,
} from '../../../../../receivers/log-tailer/logs/follow-node.ts';
import { familyText } from '../../../../../receivers/shared/metrics/exposition.ts';
import { prometheusText } from '../../../../../receivers/shared/metrics/text-format.ts';
import { exportSamples } from '../../../../support/journal/samples.ts';
import { needsSystemd, writeJournal } from '../../../../support/journal/systemd.ts';
import { until } from '../../../../support/until.ts';
import { journalSamples } from './archives.ts';

const log = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };
const bootId = 'c'.repeat(32);

/** A line of the syslog of now, or of so many seconds ago. */
function line(text: string, agoMs = 0): string {
  const at = new Date(Date.now() - agoMs);
  const [, month, day, , time] = at
    .toUTCString()
    .replace(',', '')
    .split(' ')
    .flatMap((part, index, all) =>
      index === 1
        ? [all[2] ?? '', String(Number(part)).padStart(2, ' ')]
        : index === 2
          ? []
          : [part],
    );
  return `${month} ${day} ${time} worker-1 ${text}\n`;
}

interface Running {
  readonly node: FollowedNode;
  readonly heard: Occurrence[];
  readonly events: () => string[];
  readonly stop: () => Promise<void>;
}

describe("the node's logs", function () {
  this.timeout(30_000);
  let folder: string;
  let messages: string;
  const running: Running[] = [];

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'kube-latency-node-'));
    messages = join(folder, 'var/log/messages');
    await mkdir(join(folder, 'var/log'), { recursive: true });
    await writeFile(messages, '');
  });
  afterEach(async () => {
    await Promise.all(running.splice(0).map(({ stop }) => stop()));
    await rm(folder, { recursive: true });
  });

  async function start(options: Partial<FollowNodeOptions> = {}): Promise<Running> {
    const stop = new AbortController();
    const heard: Occurrence[] = [];
    const node = await followNode({
      pack: 'node',
      root: folder,
      podNamespace: 'default',
      timeZone: '+00:00',
      boot: { id: bootId, startUnixNs: BigInt(Date.now() - 3_600_000) * 1_000_000n },
      state: '',
      log,
      signal: stop.signal,
      onChange: () => undefined,
      onOccurrence: (occurrence) => void heard.push(occurrence),
      ...options,
    });
    const one = {
      node,
      heard,
      events: () => node.evidence().occurrences.map(({ event }) => event),
      stop: async () => {
        stop.abort();
        await node.ended;
      },
    };
    running.push(one);
    return one;
  }

  const reportOf = ({ node }: Running, name: string) =>
    node.evidence().reports.find(({ source }) => source === name);

  it('tell what stands in them and what comes, each once', async () => {
    await appendFile(messages, line('kernel: Linux version 5.10 (x)', 60_000));
    const one = await start();
    await until(() => one.events().length === 1);

    await appendFile(messages, line('systemd: Starting containerd container runtime...'));
    await until(() => one.events().length === 2);

    assert.deepEqual(
      one.heard.map(({ event, source }) => [event, source]),
      [
        ['vm_initialized', 'Messages'],
        ['conatinerd_start', 'Messages'],
      ],
    );
    assert.deepEqual(reportOf(one, 'Messages'), { source: 'Messages' });
  });

  it('of two sources are told apart', async () => {
    const pods = join(folder, 'var/log/pods/kube-system_aws-node-x_1/aws-node');
    await mkdir(pods, { recursive: true });
    const stamp = new Date().toISOString();
    const copied = 'Successfully copied CNI plugin binary and config file';
    await writeFile(join(pods, '0.log'), `${stamp} stdout F {"msg":"${copied}"}\n`);
    await appendFile(messages, line('kernel: Linux version 5.10 (x)', 60_000));

    const one = await start({ pack: 'eks' });

    await until(() => one.events().length === 2);
    assert.deepEqual(one.heard.map(({ source }) => source).toSorted(), ['Messages', 'aws-node']);
  });

  it('chart what units do where the pack says so, beside what they took', async () => {
    const state = join(folder, 'state');
    const one = await start({ pack: 'generic', state });
    await appendFile(messages, line('systemd[1]: Starting my-agent.service - My agent...', 9000));
    await appendFile(messages, line('systemd[1]: Started my-agent.service - My agent.', 4000));

    await until(() => one.node.evidence().activities.length === 1);

    assert.deepEqual(one.events(), ['unit_my_agent_service_start', 'unit_my_agent_service_ready']);
    assert.ok(one.node.definitions().some(({ name }) => name === 'my-agent.service ready'));
    await one.stop();
    const again = await start({ pack: 'generic', state });
    assert.ok(again.node.definitions().some(({ name }) => name === 'my-agent.service ready'));
    assert.deepEqual([again.events(), again.heard], [one.events(), []]);
  });

  it('say of each source why it tells nothing', async () => {
    await rm(messages);
    const one = await start();
    await until(() => reportOf(one, 'Messages')?.pending !== true);

    assert.match(
      reportOf(one, 'Messages')?.problem ?? '',
      /^no file matches \S+var\/log\/messages\*/,
    );
    assert.match(
      reportOf(one, 'Journal')?.problem ?? '',
      /^no entry of a journal in \S+\/var\/log\/journal/,
    );
    await until(() => reportOf(one, 'Kernel')?.problem !== undefined);
    assert.match(reportOf(one, 'Kernel')?.problem ?? '', /ENOENT.*\/dev\/kmsg/);
  });

  it('keep what happened in the measured boot alone', async () => {
    await appendFile(messages, line('kernel: Linux version 5.10 (x)', 7_200_000));
    await appendFile(messages, line('kernel: Linux version 5.10 (x)', 3_600_000));
    const one = await start();

    await until(() => one.events().length === 1);
    assert.equal(one.node.evidence().occurrences.length, 1);
  });

  it('count what goes on after the boot, and what was read', async () => {
    const one = await start();
    const kill = 'kernel: Out of memory: Killed process 4711 (x)';
    await appendFile(messages, line(kill) + line('sshd: nothing') + line(kill));

    const text = () =>
      one.node
        .families()
        .flatMap((family) => [...familyText(family, prometheusText)])
        .join('');
    await until(() => text().includes('kube_latency_node_events_total{event="oom_kills"} 2'));

    assert.match(text(), /^kube_latency_log_tailer_read_total\{source="Messages"\} [1-9]\d+$/m);
    assert.match(text(), /^kube_latency_log_tailer_lines_total\{outcome="told"\} 2$/m);
  });

  it('are followed over a rotation', async () => {
    const one = await start();
    await appendFile(messages, line('kernel: Linux version 5.10 (x)'));
    await rename(messages, `${messages}-20261122`);
    await writeFile(messages, line('systemd: Starting containerd container runtime...'));

    await until(() => one.events().length === 2);
  });

  it('go on after a restart where they were left off, with what was told before', async () => {
    const state = join(folder, 'state');
    await appendFile(messages, line('kernel: Linux version 5.10 (x)', 60_000));
    await appendFile(messages, line('systemd: Starting chronyd.service - NTP...', 50_000));
    const first = await start({ state });
    await until(() => first.events().length === 1);
    await first.stop();
    const saved = await readFile(join(state, 'told.json'), 'utf8');

    await appendFile(messages, line('systemd: Started chronyd.service - NTP.', 45_000));
    const second = await start({ state });
    await until(() => second.node.evidence().activities.length === 1);

    assert.match(saved, /"event":"vm_initialized"/);
    assert.deepEqual(second.events(), ['vm_initialized']);
    assert.deepEqual(second.heard, []);
  });

  it('are read anew where what was told before is lost, or of another boot', async () => {
    const state = join(folder, 'state');
    await appendFile(messages, line('kernel: Linux version 5.10 (x)', 60_000));
    const first = await start({ state });
    await until(() => first.events().length === 1);
    await first.stop();

    await writeFile(join(state, 'told.json'), '{"version":1,');
    const second = await start({ state });

    await until(() => second.events().length === 1);
    assert.equal(second.heard.length, 1);
  });

  it('refuse a pack and a zone that there is not', async () => {
    await assert.rejects(start({ pack: 'al3' }), {
      name: 'ConfigError',
      message: /^pack 'al3': expected one of node, .* or a path/,
    });
    await assert.rejects(start({ timeZone: 'Nowhere' }), { name: 'ConfigError' });
  });

  it("tell what a user's pack adds", async () => {
    const pack = join(folder, 'own.yaml');
    await writeFile(
      pack,
      [
        'name: own',
        'title: Own',
        'extends: [generic]',
        'evidence: unverified',
        'events:',
        '  - metric: agent_ready',
        '    name: Agent Ready',
        '    sources: [Messages]',
        "    pattern: 'my-agent.*: ready to serve'",
      ].join('\n'),
    );
    const one = await start({ pack });

    await appendFile(messages, line('my-agent[7]: ready to serve'));

    await until(() => one.events().includes('agent_ready'));
    assert.ok(one.node.definitions().some(({ name }) => name === 'Agent Ready'));
  });

  describe('with a journal', () => {
    needsSystemd();

    it('tell its boot by its id and the clock that is never set', async () => {
      const journal = join(folder, 'var/log/journal', `${'0'.repeat(31)}1`);
      await mkdir(journal, { recursive: true });
      const startUnixMs = Date.now() - 60_000;
      const other = { bootId: 'd'.repeat(32), startUnixMs: startUnixMs - 600_000 };
      const samples = [other, { bootId, startUnixMs, behindMs: 30_000 }].flatMap(journalSamples);
      writeJournal(join(journal, 'system.journal'), exportSamples(samples), {
        isCompact: true,
        isKeyedHash: true,
      });
      await rm(join(journal, 'source.export'));

      const one = await start({
        boot: { id: bootId, startUnixNs: BigInt(startUnixMs) * 1_000_000n },
      });
      await until(() => one.events().includes('node_ready'));

      const { occurrences } = one.node.evidence();
      assert.deepEqual([...new Set(occurrences.map((each) => each.bootId))], [bootId]);
      const at = (event: string) =>
        Number((occurrences.find((each) => each.event === event)?.atUnixNs ?? 0n) / 1_000_000n);
      assert.deepEqual(
        ['vm_initialized', 'network_ready', 'node_ready'].map((event) => at(event) - startUnixMs),
        [0, 3000, 12_750],
      );
    });

    it('go on in it after a restart', async () => {
      const journal = join(folder, 'var/log/journal', `${'0'.repeat(31)}1`);
      const state = join(folder, 'state');
      await mkdir(journal, { recursive: true });
      const samples = journalSamples({ bootId, startUnixMs: Date.now() - 60_000 });
      writeJournal(join(journal, 'system.journal'), exportSamples(samples), {
        isCompact: true,
        isKeyedHash: true,
      });
      await rm(join(journal, 'source.export'));
      const first = await start({ state });
      await until(() => first.events().includes('node_ready'));
      const told = first.events().length;
      await first.stop();

      const second = await start({ state });
      await until(() => reportOf(second, 'Messages')?.pending !== true);

      assert.equal(second.events().length, told);
      assert.deepEqual(second.heard, []);
    });
  });
});
