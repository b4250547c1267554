/** What the bytes of an HTTP/1.1 answer say so far. */
export interface HttpAnswer {
  /** 0: the status line is not whole yet. */
  readonly status: number;
  readonly done: boolean;
  /** Once it is done: another request may follow on the connection. */
  readonly reusable: boolean;
}

export type HttpAnswerReader = (chunk: Buffer) => HttpAnswer | 'malformed';

const maxHeadBytes = 16 * 1024;
/** A longer body is not read to its end: the connection is given up instead. */
const maxBodyBytes = 64 * 1024;

/** Reads the answer to a GET: its status, and where it ends. */
export function readHttpAnswer(): HttpAnswerReader {
  let head = '';
  let status = 0;
  let headDone = false;
  let reusable = false;
  let bodyLeft = 0;
  return (chunk) => {
    if (headDone) bodyLeft -= chunk.length;
    else {
      head += chunk.toString('latin1');
      const end = head.indexOf('\r\n\r\n');
      if (status === 0) status = Number(/^HTTP\/1\.[01] (\d{3})/.exec(head)?.[1] ?? 0);
      if (status === 0 && (head.includes('\n') || head.length > 64)) return 'malformed';
      if (end < 0) return head.length > maxHeadBytes ? 'malformed' : pending();
      headDone = true;
      const length = /\r\ncontent-length: *(\d+) *\r\n/i.exec(head.slice(0, end + 2))?.[1];
      const closes = /\r\nconnection: *close *\r\n/i.test(head.slice(0, end + 2));
      reusable = length !== undefined && !closes && Number(length) <= maxBodyBytes;
      bodyLeft = reusable ? Number(length) - (head.length - end - 4) : 0;
    }
    // More than was announced: what follows cannot be told apart.
    if (bodyLeft < 0) reusable = false;
    return bodyLeft > 0 ? pending() : { status, done: true, reusable };
  };

  function pending(): HttpAnswer {
    return { status, done: false, reusable: false };
  }
}
