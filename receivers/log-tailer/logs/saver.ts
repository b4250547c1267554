import { messageOf } from '../../shared/errors.ts';
import type { Log } from '../../shared/log.ts';

export interface SaverOptions {
  /** Writes the state as it is now. */
  readonly write: () => Promise<void>;
  readonly everyMs: number;
  readonly log: Log;
}

/** Saves a state a while after it changed. */
export interface Saver {
  /** Something was taken in; `lasting` is called once a state that has it is saved, but for one that came later under the same key. */
  readonly took: (key: string, lasting: () => void) => void;
  /** Saves what is left. Never rejects. */
  readonly close: () => Promise<void>;
}

export function createSaver({ write, everyMs, log }: SaverOptions): Saver {
  let waiting = new Map<string, () => void>();
  let timer: NodeJS.Timeout | undefined;
  let saving = Promise.resolve();

  async function save(): Promise<void> {
    const taken = waiting;
    waiting = new Map();
    if (taken.size === 0) return;
    try {
      await write();
      for (const lasting of taken.values()) lasting();
    } catch (caught) {
      log.warn({ problem: messageOf(caught) }, 'a restart will read logs again');
      waiting = new Map([...taken, ...waiting]);
    }
  }

  return {
    took: (key, lasting) => {
      waiting.set(key, lasting);
      timer ??= setTimeout(() => {
        timer = undefined;
        saving = saving.then(save);
      }, everyMs);
    },
    close: async () => {
      clearTimeout(timer);
      saving = saving.then(save);
      await saving;
    },
  };
}
