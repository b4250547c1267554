import { startDeadline } from '../../receivers/shared/deadline.ts';

export type Body =
  | { readonly kind: 'read'; readonly text: string }
  | {
      readonly kind: 'too-large' | 'too-slow' | 'busy';
      /** What was kept of it. */
      readonly head: string;
    }
  /** Whoever sent it has left. */
  | { readonly kind: 'gone' };

export interface BodyLimits {
  readonly maxBytes: number;
  /** Of all bodies that are being read. */
  readonly maxHeldBytes: number;
  readonly withinMs: number;
}

const headBytes = 4096;

/** Reads bodies, several at once, and holds no more of them than the limits say. */
export function createBodyReader({ maxBytes, maxHeldBytes, withinMs }: BodyLimits): {
  readonly read: (source: NodeJS.ReadableStream) => Promise<Body>;
  readonly heldBytes: () => number;
} {
  let heldBytes = 0;

  async function read(source: NodeJS.ReadableStream): Promise<Body> {
    const deadline = startDeadline(withinMs);
    const { promise, resolve } = Promise.withResolvers<Body>();
    const chunks: Buffer[] = [];
    let bytes = 0;
    let beyond: 'too-large' | 'busy' | undefined;
    const head = (): string => Buffer.concat(chunks).toString('utf8', 0, headBytes);
    const keepHead = (why: 'too-large' | 'busy'): void => {
      beyond = why;
      const kept = Buffer.concat(chunks).subarray(0, headBytes);
      release();
      chunks.splice(0, chunks.length, Buffer.from(kept));
    };
    const release = (): void => {
      heldBytes -= bytes;
      bytes = 0;
    };
    // Nothing more is kept of what goes beyond a limit, but it is read: who still sends hears no answer.
    const take = (chunk: Buffer): void => {
      if (beyond !== undefined) return;
      chunks.push(chunk);
      bytes += chunk.length;
      heldBytes += chunk.length;
      if (bytes > maxBytes) keepHead('too-large');
      else if (heldBytes > maxHeldBytes) keepHead('busy');
    };
    source.on('data', take);
    source.once('end', () =>
      resolve(
        beyond === undefined
          ? { kind: 'read', text: Buffer.concat(chunks).toString('utf8') }
          : { kind: beyond, head: head() },
      ),
    );
    source.once('error', () => resolve({ kind: 'gone' }));
    source.once('close', () => resolve({ kind: 'gone' }));
    deadline.signal.addEventListener('abort', () =>
      resolve({ kind: beyond ?? 'too-slow', head: head() }),
    );
    try {
      return await promise;
    } finally {
      deadline.clear();
      source.off('data', take);
      release();
    }
  }

  return { read, heldBytes: () => heldBytes };
}
