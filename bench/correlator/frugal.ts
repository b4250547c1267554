/**
 * The bounds of V8's heap and of the C library's arenas that the manifests give the correlator: both would size themselves
 * for speed, and not for what a node has to spare.
 */
export const frugal = {
  args: ['--max-semi-space-size=4', '--max-old-space-size=64'],
  env: { MALLOC_ARENA_MAX: '1' },
} as const;
