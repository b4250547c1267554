/** Bytes that are read where one likes. They may become more, or other ones, at any time. */
export interface ByteSource {
  /** How many there are now. */
  size(): number;
  /** Fills the target from `offset` on, and says how far: less than wholly at the end. Throws where reading fails. */
  read(target: Uint8Array, offset: number): number;
}
