import { createSocket } from 'node:dgram';

import type { Inlet, InletSource } from './inlet.ts';

/** More messages than this are not kept between two calls of receive. */
const maxKept = 65_536;

/** Where the kernel gives no stamps: the event loop reads each message as it comes, and we look at the clock. */
export function unstampedInlet({ fd, clock, family }: InletSource): Inlet {
  const socket = createSocket(family === 4 ? 'udp4' : 'udp6');
  let kept: { readonly message: Buffer; readonly receivedNs: number }[] = [];
  let open = true;
  socket.on('message', (message) => {
    const receivedNs = clock.nowNs();
    if (kept.length < maxKept) kept.push({ message, receivedNs });
  });
  socket.on('error', () => {
    // Of a message that could not be read: the probe that it answers times out.
  });
  socket.bind({ fd });
  socket.unref();
  return {
    receive: (onMessage) => {
      const messages = kept;
      kept = [];
      for (const { message, receivedNs } of messages)
        onMessage(message, { at: 0, length: message.length }, receivedNs);
    },
    close: () => {
      if (open) socket.close();
      open = false;
    },
  };
}
