/** Writes times as RFC 3339 has them, in UTC and microseconds: `2026-11-20T23:59:58.000123+00:00`. */
export class Stamps {
  #second = -1;
  #text = '';

  of(realtimeUs: number): string {
    const second = Math.floor(realtimeUs / 1_000_000);
    if (second !== this.#second) {
      this.#second = second;
      this.#text = new Date(second * 1000).toISOString().slice(0, -'.000Z'.length);
    }
    const us = realtimeUs - second * 1_000_000;
    return `${this.#text}.${String(us).padStart(6, '0')}+00:00`;
  }
}
