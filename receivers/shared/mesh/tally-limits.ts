/** A stretch of the wall clock, numbered alike at every node: the number times this is its beginning. */
export const stretchMs = 5000;
/** A pinger keeps so many finished stretches: 60 s, and one that is being fetched. */
export const stretchesKept = 13;
/** Rows of a stretch, and destinations of a report, at most. */
export const mostRows = 20_000;
export const mostConvicted = 1000;
/** Of a name of Kubernetes (RFC 1123). */
export const mostLetters = 253;
export const mostProtocolLetters = 16;
