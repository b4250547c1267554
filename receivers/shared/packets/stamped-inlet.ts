import type { Inlet, InletSource } from './inlet.ts';
import type { Libc } from './libc.ts';
import { createReceiveBatch } from './receive-batch.ts';

const batchSize = 64;

/** Reads what lies in the socket whenever asked: each message carries the kernel's stamp of its arrival. */
export function stampedInlet(libc: Libc, { fd, clock }: InletSource): Inlet {
  const batch = createReceiveBatch(libc, batchSize);
  let open = true;
  return {
    receive: (onMessage) => {
      const read = (): number =>
        batch.read(fd, (message) => {
          const { seconds, nanoseconds } = message;
          const receivedNs = seconds > 0 ? clock.fromStamp(seconds, nanoseconds) : clock.nowNs();
          onMessage(batch.bytes, message, receivedNs);
        });
      if (!open) return;
      while (read() === batchSize);
    },
    close: () => {
      if (open) libc.close(fd);
      open = false;
    },
  };
}
