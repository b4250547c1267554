import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { beginsWith } from '../../../../../../receivers/log-tailer/follow/print.ts';
import { createDelivery, type Delivery, type Texts } from './delivery.ts';
import { savedLogs, schedulesTimes, startChild, startHere, type Follower } from './follower.ts';
import type { Operation, Schedule } from './operations.ts';
import { createWorld, type WorldFile } from './world.ts';

/** What came of a schedule. */
export interface ScheduleResult {
  /** Lines that were written. */
  readonly written: number;
  /** Lines that were lost or doubled where DESIGN.md says so. */
  readonly lostAsStated: number;
  readonly doubledAsStated: number;
  /** All else. */
  readonly problems: readonly string[];
  /** What helps to understand them. */
  readonly state: string;
}

/** So often, some milliseconds apart, is looked whether what must come has come: where the machine is busy, no less often. */
const mostLooks = 3000;
const lookEveryMs = 5;
/** Files that were quiet for so long may have been closed. */
const openForSureMs = schedulesTimes.graceMs / 2;

/**
 * Does what a schedule says in a directory of its own, and compares what was handed on with what was written. `program`: that of
 * the follower, where it is killed; else it follows in this process.
 */
export async function runSchedule(
  schedule: Schedule,
  program: string | undefined,
): Promise<ScheduleResult> {
  const folder = mkdtempSync(join(tmpdir(), 'kube-latency-logs-'));
  try {
    return await run(schedule, program, folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

interface Run {
  readonly follower: Follower;
  readonly delivery: ReturnType<typeof createDelivery>;
}

async function run(
  { globs, watch, consumeMs, operations }: Schedule,
  program: string | undefined,
  folder: string,
): Promise<ScheduleResult> {
  const logs = join(folder, 'logs');
  mkdirSync(logs);
  const checkpoints = join(folder, 'state', 'checkpoints.json');
  const pattern = join(logs, globs === 'all names' ? '*.log*' : '*.log');
  const mayLose = new Set<number>();
  const mayDouble = new Set<number>();
  /** Written to files that may be closed. */
  const fragile = new Set<number>();
  /** Files of the globs that may be closed, with the line whose arrival says that they are open again. */
  const reopening = new Map<WorldFile, number>();
  /** Files that may be closed: without a name of the globs they stay so. */
  const closed = new Set<WorldFile>();
  const ended: Delivery[] = [];
  let runs = 0;
  const texts: Texts = new Map();
  let now: Run | undefined;

  const world = createWorld(logs, {
    onTruncate: (file) => loseAll(file),
    onDelete: (file) => {
      if (now === undefined) closed.add(file);
      if (!isOpenForSure(file)) return loseAll(file);
      for (const line of file.lines) if (fragile.has(line)) lose(line, file);
    },
    onUnsureCopy: ({ lines }) => {
      for (const line of lines) mayDouble.add(line);
    },
    onRotated: (file) => {
      if (globs === 'all names' || isKnown(file)) return;
      closed.add(file);
      loseAll(file);
    },
    onWrite: (file, line) => {
      if (file.path?.endsWith('.log') === true) return;
      const mayBeClosed =
        performance.now() - file.touchedMs > openForSureMs || !isOpenForSure(file);
      if (isWithinGlobs(file)) {
        if (!mayBeClosed) return;
        fragile.add(line);
        if (!reopening.has(file)) reopening.set(file, line);
        return;
      }
      if (now === undefined ? !isKnown(file) : mayBeClosed) closed.add(file);
      if (closed.has(file)) mayLose.add(line);
    },
  });

  function isWithinGlobs({ path }: WorldFile): boolean {
    return path !== undefined && (globs === 'all names' || path.endsWith('.log'));
  }

  function deliveredNow(): ReadonlyMap<number, number> {
    return now?.delivery.add(now.follower.handed()).lines ?? new Map();
  }

  function isDelivered(line: number): boolean {
    return deliveredNow().has(line) || ended.some(({ lines }) => lines.has(line));
  }

  /** Something of what it holds now was handed on: so the follower has opened it. */
  function isRead(file: WorldFile): boolean {
    return file.original && [...file.lines].some(isDelivered);
  }

  function isOpenForSure(file: WorldFile): boolean {
    return now !== undefined && isRead(file) && !closed.has(file) && !isReopening(file);
  }

  function isReopening(file: WorldFile): boolean {
    const since = reopening.get(file);
    if (since === undefined || isDelivered(since)) reopening.delete(file);
    return reopening.has(file);
  }

  /** It will be found by its inode. */
  function isKnown(file: WorldFile): boolean {
    if (now !== undefined) return isRead(file);
    if (file.path === undefined || !isRead(file)) return false;
    const bytes = readFileSync(file.path);
    return [...savedLogs(checkpoints).values()].some(
      ({ file: key, head, offset }) =>
        key === file.key && head.bytes > 0 && bytes.length >= offset && beginsWith(bytes, head),
    );
  }

  function lose(line: number, from: WorldFile): void {
    if (isDelivered(line)) return;
    const others = world.files().filter((file) => file !== from && isWithinGlobs(file));
    if (!others.some((file) => file.lines.has(line))) mayLose.add(line);
  }

  function loseAll(file: WorldFile): void {
    for (const line of file.lines) lose(line, file);
  }

  /** What only an open file had is lost with the follower. */
  function loseWhatWasOpen(): void {
    for (const file of world.files()) {
      const gone = file.path === undefined;
      const quiet = performance.now() - file.touchedMs > openForSureMs;
      if (!gone && (isWithinGlobs(file) || (!quiet && isKnown(file)))) continue;
      loseAll(file);
      closed.add(file);
    }
    for (const line of world.pending()) mayLose.add(line);
  }

  async function start(): Promise<void> {
    if (now !== undefined) return;
    const options = { globs: [pattern], checkpoints, watch, consumeMs };
    const follower =
      program === undefined
        ? await startHere(options)
        : await startChild(program, options, join(folder, `journal-${runs}`));
    runs++;
    now = { follower, delivery: createDelivery(texts) };
  }

  async function end(how: 'stop' | 'kill'): Promise<void> {
    if (now === undefined) return;
    await now.follower[how]();
    const delivery = now.delivery.add(now.follower.handed());
    ended.push(delivery);
    now = undefined;
    if (how === 'kill') {
      const saved = savedLogs(checkpoints);
      for (const [line, { log, offset }] of delivery.ends)
        if (offset > (saved.get(log)?.offset ?? 0)) mayDouble.add(line);
    }
    loseWhatWasOpen();
  }

  function missing(): number[] {
    const pending = new Set(world.pending());
    return [...world.written()].filter(
      (line) =>
        !mayLose.has(line) && !world.torn().has(line) && !pending.has(line) && !isDelivered(line),
    );
  }

  async function settle(): Promise<void> {
    if (now === undefined) return;
    for (let look = 0; look < mostLooks && missing().length > 0; look++) await delay(lookEveryMs);
  }

  async function perform(operation: Operation): Promise<void> {
    switch (operation.kind) {
      case 'write':
        return world.write(operation.log, operation);
      case 'flood':
        for (let line = 0; line < operation.lines; line++)
          world.write(line % 2, { lines: 1, bytes: 10, unfinished: false });
        return;
      case 'rotate':
        return world.rotate(operation.log, operation.reopen);
      case 'reopen':
        return world.reopen(operation.log);
      case 'copytruncate':
        return world.copytruncate(operation.log, operation);
      case 'truncate':
        return world.truncate(operation.log);
      case 'gzip':
        return world.gzip(operation.log, operation.which);
      case 'delete':
        return world.delete(operation.log, operation.which);
      case 'wait':
        return delay(operation.ms);
      case 'settle':
        return settle();
      case 'stop':
      case 'kill':
        return end(operation.kind);
      case 'start':
        return start();
    }
  }

  try {
    await start();
    for (const operation of operations) await perform(operation);
    await start();
    world.finish();
    await settle();
    // What would come twice comes within the time that anything is waited for.
    await delay(schedulesTimes.graceMs + schedulesTimes.unclearMs);
    const lost = missing();
    await end('stop');
    return judge(lost);
  } finally {
    world.close();
    await now?.follower.stop();
  }

  function describeState(lines: readonly number[]): string {
    const places = world
      .files()
      .filter((file) => lines.some((line) => file.lines.has(line)))
      .map(({ path, key }) => `${path} (${key})`);
    const there = readdirSync(logs).map((name) => {
      const { ino, size } = statSync(join(logs, name));
      return `${name} ${ino} ${size}`;
    });
    const saved = existsSync(checkpoints) ? readFileSync(checkpoints, 'utf8') : 'no checkpoints';
    const ends = ended.map(({ ends: all }) => lines.map((line) => all.get(line)));
    return `they are in ${places.join(', ')}; there is ${there.join(', ')}; ${saved}${JSON.stringify(ends)}`;
  }

  function judge(lost: readonly number[]): ScheduleResult {
    const times = new Map<number, number>();
    for (const { lines } of ended)
      for (const [line, count] of lines) times.set(line, (times.get(line) ?? 0) + count);
    const doubled = [...times].filter(([, count]) => count > 1).map(([line]) => line);
    const wrongly = doubled.filter((line) => !mayDouble.has(line));
    const never = [...world.written()].filter((line) => !times.has(line));
    return {
      written: world.written().size,
      lostAsStated: never.length - lost.length,
      doubledAsStated: doubled.length - wrongly.length,
      problems: [
        ...lost.map((line) => `line ${line} is lost`),
        ...wrongly.map((line) => `line ${line} came ${times.get(line)} times`),
        ...ended.flatMap(({ jumps }) => jumps),
      ],
      state: describeState(lost.length > 0 ? lost : wrongly),
    };
  }
}
