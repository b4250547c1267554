import { untilAborted, within } from './deadline.ts';

export interface ExportedRun<Started> {
  readonly receiver: {
    /** Rejects, having undone what it did. */
    readonly start: () => Promise<Started>;
    /** Safe twice. */
    readonly shutdown: () => Promise<void>;
  };
  /** Begins to export what the receiver tells; undefined: nothing is exported. */
  readonly startExport: () => Promise<Exporting | undefined>;
  readonly onStarted: (started: Started) => void;
  readonly signal: AbortSignal;
  /** Longest time that stopping takes. */
  readonly shutdownMs: number;
}

interface Exporting {
  /** Sends what is left within the deadline. Never rejects. */
  readonly shutdown: (deadlineMs: number) => Promise<unknown>;
}

/**
 * Runs a receiver and its export until the signal ends. The receiver stops first, so that what it tells to the last is sent, too.
 * Gives whether it stopped in time; rejects, with nothing left running, where either cannot begin.
 */
export async function runExported<Started>(run: ExportedRun<Started>): Promise<boolean> {
  const { receiver, startExport, onStarted, signal, shutdownMs } = run;
  const started = await receiver.start();
  let exporting: Exporting | undefined;
  try {
    exporting = await startExport();
    onStarted(started);
    await untilAborted(signal);
  } catch (error) {
    await within(receiver.shutdown(), shutdownMs / 2);
    await exporting?.shutdown(shutdownMs / 2);
    throw error;
  }
  const stopped = await within(receiver.shutdown(), shutdownMs / 2);
  await exporting?.shutdown(shutdownMs / 2);
  return stopped.kind === 'done';
}
