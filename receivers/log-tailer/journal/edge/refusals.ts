export type OnRefused = (path: string, reason: string) => void;

interface Refusal {
  readonly reason: string;
  readonly sinceMs: number;
  isTold: boolean;
}

/** Paths that cannot be read, and why: told once for each reason, and not of a file that is just being made. */
export class Refusals {
  readonly #onRefused: OnRefused;
  #before = new Map<string, Refusal>();
  #now = new Map<string, Refusal>();

  constructor(onRefused: OnRefused) {
    this.#onRefused = onRefused;
  }

  /** What is not added again until the next time is no refusal any more. */
  begin(): void {
    this.#before = this.#now;
    this.#now = new Map();
  }

  add(path: string, reason: string): void {
    const before = this.#before.get(path);
    const isSame = before?.reason === reason;
    this.#now.set(path, isSame ? before : { reason, sinceMs: performance.now(), isTold: false });
  }

  /** Tells of those that have been for so long. */
  tell(leastMs: number): void {
    for (const [path, refusal] of this.#now) {
      if (refusal.isTold || performance.now() - refusal.sinceMs < leastMs) continue;
      refusal.isTold = true;
      this.#onRefused(path, refusal.reason);
    }
  }
}
