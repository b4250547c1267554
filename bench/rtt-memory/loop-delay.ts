/**
 * Preloaded into the pinger (`--import`): each SIGUSR2 prints on stderr how long the event loop was held up at most since the one
 * before, in milliseconds.
 */
import { monitorEventLoopDelay } from 'node:perf_hooks';

const resolutionMs = 1;

const delay = monitorEventLoopDelay({ resolution: resolutionMs });
delay.enable();
process.on('SIGUSR2', () => {
  const heldMs = Math.max(0, delay.max / 1e6 - resolutionMs);
  process.stderr.write(`{"heldMs":${heldMs}}\n`);
  delay.reset();
});
