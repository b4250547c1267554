import type { ByteSource } from './byte-source.ts';

/** A place to start reading from: a page's. */
const pageBytes = 4096;

interface Window {
  readonly bytes: Buffer;
  readonly view: DataView;
  from: number;
  to: number;
  /** When it was found last, counted in changes from one window to another. */
  used: number;
}

export interface WindowOptions {
  readonly windowBytes: number;
  readonly windows: number;
}

/** 256 KiB a file. */
export const defaultWindows: WindowOptions = { windowBytes: 16 * 1024, windows: 16 };

/** Parts of a source that are held in memory: a bounded number, the least recently used given up first. */
export class Windows {
  /** Where `locate` found it: `bytes` and `view` from `at` on, until it is called again. */
  bytes: Buffer;
  view: DataView;
  at = 0;
  readonly #source: ByteSource;
  readonly #options: WindowOptions;
  readonly #held: Window[] = [];
  #last: Window;
  #changes = 0;
  #size: number;

  constructor(source: ByteSource, options: WindowOptions) {
    this.#source = source;
    this.#options = options;
    this.#size = source.size();
    this.#last = emptyWindow(0);
    ({ bytes: this.bytes, view: this.view } = this.#last);
  }

  get size(): number {
    return this.#size;
  }

  /** Looks at the source anew: what was held may have changed since. */
  refresh(): void {
    this.#size = this.#source.size();
    for (const window of this.#held) window.from = window.to = 0;
    this.#last.from = this.#last.to = 0;
  }

  /** Reads from the source as it is now, past what is held; how many bytes came. */
  readPast(target: Buffer, offset: number): number {
    return this.#source.read(target, offset);
  }

  /** Gives up all memory until something is read again. */
  release(): void {
    this.#held.length = 0;
    this.#last = emptyWindow(0);
    ({ bytes: this.bytes, view: this.view } = this.#last);
  }

  /** Finds bytes, as many as the caller dares to hold; false where there are not so many. */
  locate(offset: number, length: number): boolean {
    const end = offset + length;
    if (offset >= this.#last.from && end <= this.#last.to) {
      this.at = offset - this.#last.from;
      return true;
    }
    for (const window of this.#held)
      if (offset >= window.from && end <= window.to) return this.#show(window, offset);
    return this.#load(offset, end);
  }

  #load(offset: number, end: number): boolean {
    if (!(offset >= 0 && end <= this.#size)) return false;
    const { windowBytes, windows } = this.#options;
    const page = offset - (offset % pageBytes);
    const from = end <= page + windowBytes ? page : offset;
    if (end > from + windowBytes) return this.#fill(emptyWindow(end - from), offset, end, from);
    const window = this.#held.length < windows ? this.#added() : this.#leastUsed();
    return this.#fill(window, offset, end, from);
  }

  #fill(window: Window, offset: number, end: number, from: number): boolean {
    window.from = window.to = 0;
    const length = this.#source.read(window.bytes, from);
    window.from = from;
    window.to = from + length;
    return end <= window.to && this.#show(window, offset);
  }

  #added(): Window {
    const window = emptyWindow(this.#options.windowBytes);
    this.#held.push(window);
    return window;
  }

  #leastUsed(): Window {
    return this.#held.reduce((least, window) => (window.used < least.used ? window : least));
  }

  #show(window: Window, offset: number): true {
    window.used = ++this.#changes;
    this.#last = window;
    this.bytes = window.bytes;
    this.view = window.view;
    this.at = offset - window.from;
    return true;
  }
}

function emptyWindow(windowBytes: number): Window {
  const bytes = Buffer.allocUnsafeSlow(windowBytes);
  return { bytes, view: new DataView(bytes.buffer), from: 0, to: 0, used: 0 };
}
