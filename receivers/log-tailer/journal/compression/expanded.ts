/**
 * What came of compressed bytes: the bytes, `too-long` where they would be more than was asked for, `broken` where they are no
 * whole sound piece of that compression.
 */
export type Expanded = Buffer | 'too-long' | 'broken';
