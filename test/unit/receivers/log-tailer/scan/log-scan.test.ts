import assert from 'node:assert/strict';
import fc from 'fast-check';
import { zoneNamed, utc } from '../../../../../receivers/log-tailer/clock/zone.ts';
import type { Occurrence } from '../../../../../receivers/log-tailer/core/occurrence.ts';
import { expression } from '../../../../../receivers/log-tailer/scan/expression.ts';
import {
  createLogScan,
  type LogScan,
  type LogScanOptions,
} from '../../../../../receivers/log-tailer/scan/log-scan.ts';
import { compilePattern } from '../../../../../receivers/log-tailer/scan/pattern.ts';
import type { Rule, TextSource } from '../../../../../receivers/log-tailer/scan/text-source.ts';
import { scanLogs } from '../../../../support/log-scanning.ts';

const writtenUnixMs = Date.UTC(2024, 10, 28, 12);

function rule(metric: string, text: string, inJson = false): Rule {
  const compiled = compilePattern(text, { inJson, expression });
  assert.ok(compiled.kind === 'ok');
  return { telling: { kind: 'event', metric, tellsLine: true }, pattern: compiled.pattern };
}

const patterns = { ready: 'event="Ready"', done: 'job .* done' };

const sources: readonly TextSource[] = (['system', 'container'] as const).map((form) => ({
  name: form,
  form,
  rules: Object.entries(patterns).map(([metric, text]) => rule(metric, text, form === 'container')),
}));

interface Run {
  readonly scan: LogScan;
  readonly found: Occurrence[];
  readonly feed: (source: string, text: string | Buffer, offset?: number) => void;
}

function begin(options: Partial<LogScanOptions> = {}): Run {
  const found: Occurrence[] = [];
  const scan = createLogScan({
    sources,
    zone: utc,
    years: 'at-once',
    bufferBytes: 64 * 1024,
    onOccurrence: (occurrence) => found.push(occurrence),
    onUnit: () => undefined,
    onCount: () => undefined,
    ...options,
  });
  const feed = (source: string, text: string | Buffer, offset = 0) =>
    scan.feed(
      { log: source, path: source, offset, bytes: Buffer.from(text) },
      { source, writtenUnixMs },
    );
  return { scan, found, feed };
}

function told({ found }: Run): (readonly [string, string])[] {
  return found.map(({ event, atUnixNs }) => [
    event,
    new Date(Number(atUnixNs / 1_000_000n)).toISOString().slice(11, 23),
  ]);
}

describe('createLogScan()', () => {
  it('tells what a line says, when, and which line that was', () => {
    const run = begin();
    run.feed('system', 'Nov 28 02:59:07 host x\nNov 28 02:59:08 host event="Ready"\r\n');

    assert.deepEqual(run.found, [
      {
        event: 'ready',
        source: 'system',
        atUnixNs: BigInt(Date.UTC(2024, 10, 28, 2, 59, 8)) * 1_000_000n,
        precisionNs: 1_000_000_000,
        comment: 'Nov 28 02:59:08 host event="Ready"',
      },
    ]);
  });

  it('asks the whole pattern of a line that has its literal', () => {
    const run = begin();
    run.feed('system', 'Nov 28 02:59:07 host job 1\nNov 28 02:59:08 host job 1 is done\n');

    assert.deepEqual(told(run), [['done', '02:59:08.000']]);
  });

  it('counts a line whose stamp is not understood, and tells nothing of it', () => {
    const run = begin();
    run.feed('system', 'event="Ready"\nFeb 30 02:59:07 event="Ready"\n');

    assert.deepEqual(run.found, []);
    assert.equal(run.scan.counts.unstamped, 2);
  });

  it('counts a line that no year fits, and one since a boot that is not known', () => {
    const run = begin();
    run.feed('system', '[   12.345678] event="Ready"\n');

    assert.deepEqual(run.found, []);
    assert.equal(run.scan.counts.unplaced, 1);
  });

  it('takes bytes of any kind for lines', () => {
    const run = begin();
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 2000 }), (bytes) => {
        run.feed('system', Buffer.concat([bytes, Buffer.from('\n')]));
        run.feed('container', Buffer.concat([bytes, Buffer.from('\n')]));
      }),
    );
    run.feed('system', Buffer.from('\n\u00ff\nNov 28 02:59:07 \u00ff event="Ready"\n', 'latin1'));

    assert.deepEqual(told(run), [['ready', '02:59:07.000']]);
  });

  it('looks at the first 64 KiB of a line that is longer, and not at what comes of it later', () => {
    const run = begin();
    const long = `Nov 28 02:59:07 event="Ready"${'x'.repeat(200_000)}`;
    run.feed('system', long);
    run.feed('system', 'x event="Ready" job done', long.length);
    run.feed('system', 'x\nNov 28 02:59:09 event="Ready"\n', long.length + 24);

    assert.deepEqual(told(run), [
      ['ready', '02:59:07.000'],
      ['ready', '02:59:09.000'],
    ]);
    assert.equal(run.scan.counts.cut, 1);
  });

  it('takes a chunk that is elsewhere for no rest of a line', () => {
    const run = begin();
    run.feed('system', 'Nov 28 02:59:07 x');
    run.feed('system', 'Nov 28 02:59:09 event="Ready"\n', 5000);

    assert.deepEqual(told(run), [['ready', '02:59:09.000']]);
  });

  it('reads into its own buffer', () => {
    const run = begin();
    const text = Buffer.from('Nov 28 02:59:07 event="Ready"\n');
    text.copy(run.scan.buffer, 100);
    const bytes = run.scan.buffer.subarray(100, 100 + text.length);
    run.scan.feed({ log: 'a', path: 'a', offset: 0, bytes }, { source: 'system', writtenUnixMs });

    assert.deepEqual(told(run), [['ready', '02:59:07.000']]);
  });

  it('keeps what a journal knows of an entry', () => {
    const run = begin();
    const bytes = Buffer.from(
      '2024-11-28T02:59:07.5+00:00 host x\n2024-11-28T02:59:08.5+00:00 event="Ready"\n',
    );
    const bootId = 'a'.repeat(32);
    const entryAt = (at: number) => ({ monotonicUs: at, bootId });
    run.scan.feed(
      { log: 'a', path: 'a', offset: 0, bytes },
      { source: 'system', writtenUnixMs, entryAt },
    );

    assert.deepEqual(
      run.found.map(({ monotonicUs, bootId: boot }) => [monotonicUs, boot]),
      [[35, bootId]],
    );
  });

  it('keeps the clocks of an entry together where its line has a time of its own', () => {
    const run = begin();
    const bytes = Buffer.from(
      '2024-11-28T02:59:07.500000+00:00 host containerd[1]: time="2024-11-28T02:59:07.499900000Z" event="Ready"\n',
    );
    const entryAt = () => ({ monotonicUs: 1000, bootId: 'a'.repeat(32) });
    run.scan.feed(
      { log: 'a', path: 'a', offset: 0, bytes },
      { source: 'system', writtenUnixMs, entryAt },
    );

    assert.deepEqual(told(run), [['ready', '02:59:07.499']]);
    assert.equal(run.found[0]?.monotonicUs, 900);
  });

  describe('with years at the end', () => {
    it('holds stamps without a year until the log has ended', () => {
      const run = begin({ years: 'at-end' });
      run.feed('system', 'Dec 31 23:59:59 event="Ready"\nJan  1 00:00:01 x\nNov 28 02:59:07 x\n');
      assert.deepEqual(run.found, []);
      run.scan.end('system');

      assert.deepEqual(
        run.found.map(({ atUnixNs }) => atUnixNs),
        [BigInt(Date.UTC(2023, 11, 31, 23, 59, 59)) * 1_000_000n],
      );
    });

    it('sees a new year between chunks that tell of nothing else', () => {
      const run = begin({ years: 'at-end' });
      run.feed('system', 'Nov 28 02:59:07 event="Ready"\n');
      run.feed('system', 'Dec 31 02:59:07 x\nJan 31 02:59:07 x\n', 30);
      run.feed('system', 'Nov 27 02:59:07 x\n', 60);
      run.scan.end('system');

      assert.deepEqual(
        run.found.map(({ atUnixNs }) => atUnixNs),
        [BigInt(Date.UTC(2023, 10, 28, 2, 59, 7)) * 1_000_000n],
      );
    });

    it('tells at once what has a year', () => {
      const run = begin({ years: 'at-end' });
      run.feed('system', '2024-11-28T02:59:07Z event="Ready"\n');

      assert.equal(run.found.length, 1);
    });
  });

  describe('with a zone', () => {
    it('reads local times in it', () => {
      const run = begin({ zone: zoneNamed('Europe/Berlin') ?? utc });
      run.feed('system', 'Nov 28 03:59:07 event="Ready"\n');

      assert.deepEqual(told(run), [['ready', '02:59:07.000']]);
    });

    it('goes over to the one that the machine was set to', async () => {
      const text = [
        'Nov 28 02:59:07 host kubelet: event="NodeReady"',
        "Nov 28 02:59:08 host systemd-timedated[7]: Changed time zone to 'Asia/Tokyo' (JST).",
        'Nov 28 11:59:09 host kubelet: event="NodeReady"',
      ].join('\n');
      const { occurrences } = await scanLogs('al2', [
        { source: 'Messages', text: `${text}\n`, writtenUnixMs },
      ]);

      assert.equal(
        (occurrences[1]?.atUnixNs ?? 0n) - (occurrences[0]?.atUnixNs ?? 0n),
        2_000_000_000n,
      );
    });
  });

  describe('with logs of containers', () => {
    const head = (tag: string, second = '07', stream = 'stdout') =>
      `2024-11-28T02:59:${second}.123456789Z ${stream} ${tag} `;

    it('reads the stamp of the runtime', () => {
      const run = begin();
      run.feed(
        'container',
        `${head('F')}{"msg":"event=\\"Ready\\" x"}\n${head('F')}event="Ready"\n`,
      );

      assert.deepEqual(told(run), [['ready', '02:59:07.123']]);
    });

    it('joins a line that was written in parts, in whatever chunks they come', () => {
      const text = Buffer.from(
        `${head('P')}event="Re\n${head('F', '08', 'stderr')}x\n${head('P', '09')}\n${head('F', '10')}ady" job 1 is done\n${head('F', '11')}event="Ready"\n`,
      );
      for (let cut = 0; cut <= text.length; cut++) {
        const run = begin();
        const at = text.lastIndexOf('\n', cut) + 1;
        run.feed('container', text.subarray(0, at));
        run.feed('container', text.subarray(at), at);

        assert.deepEqual(told(run), [
          ['ready', '02:59:07.123'],
          ['done', '02:59:07.123'],
          ['ready', '02:59:11.123'],
        ]);
      }
    });

    it('tells of a line in parts once', () => {
      const run = begin();
      run.feed('container', `${head('P')}event="Ready"\n${head('F')}event="Ready"\n`);

      assert.equal(run.found.length, 1);
    });

    it('keeps 64 KiB of parts at most', () => {
      const run = begin();
      const part = `${head('P')}${'x'.repeat(16_000)}\n`;
      run.feed(
        'container',
        `${part.repeat(1000)}${head('F')}event="Ready"\n${head('F', '08')}event="Ready"\n`,
      );

      assert.deepEqual(told(run), [['ready', '02:59:08.123']]);
    });

    it('tells at the end of a log what its last line says, though it was never whole', () => {
      const run = begin();
      run.feed('container', `${head('P')}event="Rea\n${head('P')}dy"\n`);
      assert.equal(run.found.length, 0);
      run.scan.end('container');

      assert.equal(run.found.length, 1);
    });

    it('reads what Docker has escaped', () => {
      const run = begin();
      run.feed(
        'container',
        `${String.raw`{"log":"event=\"Ready\"\n","stream":"stdout","time":"2024-11-28T02:59:07.5Z"}`}\n`,
      );

      assert.deepEqual(told(run), [['ready', '02:59:07.500']]);
    });
  });

  it('forgets a log when it has ended', () => {
    const run = begin();
    run.feed('system', 'Nov 28 02:59:07 x');
    run.scan.end('system');
    run.scan.end('system');
    run.feed('system', 'Nov 28 02:59:09 event="Ready"\n', 17);

    assert.equal(run.found.length, 1);
  });

  it('knows no more than 20,000 logs at a time', () => {
    const run = begin();
    for (let number = 0; number < 20_010; number++) {
      const bytes = Buffer.from('x\n');
      run.scan.feed(
        { log: String(number), path: '', offset: 0, bytes },
        { source: 'system', writtenUnixMs },
      );
    }

    assert.equal(run.scan.counts.forgotten, 10);
  });
});
