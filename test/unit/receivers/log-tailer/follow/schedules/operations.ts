import * as fc from 'fast-check';

/** Something that happens to a log of the schedule, or to the follower; `log` is 0 or 1, `which` the number of a rotated file. */
export type Operation =
  /** `unfinished`: the last line's second half comes with the next write. */
  | {
      readonly kind: 'write';
      readonly log: number;
      readonly lines: number;
      readonly bytes: number;
      readonly unfinished: boolean;
    }
  /** Lines to both logs in turn, one by one: so many events that the directory is no longer watched. */
  | { readonly kind: 'flood'; readonly lines: number }
  /** Renames `.1` to `.2` and so on; the writer goes on in the renamed file until it opens the new one. */
  | { readonly kind: 'rotate'; readonly log: number; readonly reopen: boolean }
  | { readonly kind: 'reopen'; readonly log: number }
  /** So many lines are written after the copy, and the pause after that, before the truncation. */
  | {
      readonly kind: 'copytruncate';
      readonly log: number;
      readonly between: number;
      readonly pauseMs: number;
    }
  | { readonly kind: 'truncate'; readonly log: number }
  | { readonly kind: 'gzip'; readonly log: number; readonly which: number }
  /** 0 is the plain name. */
  | { readonly kind: 'delete'; readonly log: number; readonly which: number }
  | { readonly kind: 'wait'; readonly ms: number }
  /** Until all is handed on that must be. */
  | { readonly kind: 'settle' }
  | { readonly kind: 'stop' }
  | { readonly kind: 'kill' }
  | { readonly kind: 'start' };

export interface Schedule {
  /** Whether the globs match the rotated names too. */
  readonly globs: 'all names' | 'plain names';
  readonly watch: 'inotify' | 'polling';
  /** The consumer takes so long for a chunk. */
  readonly consumeMs: number;
  readonly operations: readonly Operation[];
}

const log = fc.constantFrom(0, 0, 1);
const which = fc.integer({ min: 1, max: 3 });

const write: fc.Arbitrary<Operation> = fc.record({
  kind: fc.constant('write' as const),
  log,
  lines: fc.integer({ min: 1, max: 12 }),
  bytes: fc.constantFrom(0, 10, 80, 700, 9000),
  unfinished: fc.boolean(),
});

/** `ends`: the ways in which the follower may end. */
export function schedules(ends: readonly ('stop' | 'kill')[]): fc.Arbitrary<Schedule> {
  const operation = fc.oneof(
    { weight: 8, arbitrary: write },
    { weight: 1, arbitrary: fc.constant({ kind: 'flood' as const, lines: 40 }) },
    {
      weight: 3,
      arbitrary: fc.record({ kind: fc.constant('rotate' as const), log, reopen: fc.boolean() }),
    },
    { weight: 2, arbitrary: fc.record({ kind: fc.constant('reopen' as const), log }) },
    {
      weight: 2,
      arbitrary: fc.record({
        kind: fc.constant('copytruncate' as const),
        log,
        between: fc.constantFrom(0, 0, 2),
        pauseMs: fc.constantFrom(0, 0, 30),
      }),
    },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('truncate' as const), log }) },
    { weight: 2, arbitrary: fc.record({ kind: fc.constant('gzip' as const), log, which }) },
    {
      weight: 1,
      arbitrary: fc.record({
        kind: fc.constant('delete' as const),
        log,
        which: fc.integer({ min: 0, max: 3 }),
      }),
    },
    {
      weight: 3,
      arbitrary: fc.record({
        kind: fc.constant('wait' as const),
        ms: fc.constantFrom(0, 1, 5, 20, 700),
      }),
    },
    { weight: 2, arbitrary: fc.constant({ kind: 'settle' as const }) },
    {
      weight: 2,
      arbitrary: fc.constantFrom(...ends).map((kind) => ({ kind })),
    },
    { weight: 3, arbitrary: fc.constant({ kind: 'start' as const }) },
  );
  return fc.record({
    globs: fc.constantFrom('all names' as const, 'plain names' as const),
    watch: fc.constantFrom('inotify' as const, 'inotify' as const, 'polling' as const),
    consumeMs: fc.constantFrom(0, 0, 1, 20),
    operations: fc.array(operation, { minLength: 5, maxLength: 40, size: 'max' }),
  });
}
