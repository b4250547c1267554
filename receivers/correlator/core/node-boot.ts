/** The trace of the boot of a node, as the log tailer of that node tells it. */
export interface NodeBoot {
  /** 32 and 16 hex digits, of its root. */
  readonly traceId: string;
  readonly spanId: string;
  /** When the node came up, or was registered, whichever is later. */
  readonly atMs: number;
}

/** The boot that a pod's start belongs to: it was bound to the node within so long after that came up. */
export function bootOf(
  scheduledMs: number | undefined,
  boot: NodeBoot | undefined,
  withinMs: number,
): NodeBoot | undefined {
  if (boot === undefined || scheduledMs === undefined) return undefined;
  // Both are cut to whole seconds, or nearly.
  const afterMs = scheduledMs - boot.atMs;
  return afterMs >= -1000 && afterMs <= withinMs ? boot : undefined;
}
