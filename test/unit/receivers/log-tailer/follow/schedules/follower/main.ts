/** Follows logs, writes what it hands on to a journal, and acknowledges it then; ends when it is told to. */
import { openSync, writeSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { followLogs } from '../../../../../../../receivers/log-tailer/follow/follow-logs.ts';
import { noLog } from '../../no-log.ts';
import { schedulesChunkBytes, schedulesTimes, type FollowerOptions } from '../follower.ts';

const { globs, checkpoints, watch, consumeMs, journal } = JSON.parse(
  process.argv[2] ?? '',
) as FollowerOptions & {
  journal: string;
};
const fd = openSync(journal, 'a');
const stop = new AbortController();
process.on('message', () => stop.abort());
process.on('disconnect', () => stop.abort());
const following = followLogs({
  globs,
  checkpoints,
  watch,
  signal: stop.signal,
  log: noLog,
  times: schedulesTimes,
  chunkBytes: schedulesChunkBytes,
  onChunk: async ({ log, offset, bytes }) => {
    if (consumeMs > 0) await delay(consumeMs);
    writeSync(fd, `${JSON.stringify({ log, offset, text: bytes.toString('latin1') })}\n`);
    following.acknowledge(log, offset + bytes.length);
  },
});
await following.ready;
if (process.connected) process.send?.('follows');
await following.ended;
if (process.connected) process.disconnect();
