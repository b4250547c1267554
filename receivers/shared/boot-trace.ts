import { createHash } from 'node:crypto';

/** Name of the span that stands for a whole boot. */
export const bootRoot = 'node.boot';

/**
 * Trace id of a boot that everyone can work out who knows the boot and the node: SHA-256("kube-latency:boot:<boot id>:<node>"), its
 * first 16 bytes as 32 hex digits. The boot id is the kernel's, without dashes; the node is the uid of its object in Kubernetes, or its
 * name where there is none.
 */
export function bootTraceId(bootId: string, node: string): string {
  return createHash('sha256')
    .update(`kube-latency:boot:${bootId}:${node}`)
    .digest('hex')
    .slice(0, 32);
}

/** The 32 hex digits of what /proc/sys/kernel/random/boot_id holds; undefined for anything else. */
export function bootIdOf(text: string): string | undefined {
  const digits = text.trim().replaceAll('-', '').toLowerCase();
  return /^[0-9a-f]{32}$/.test(digits) ? digits : undefined;
}
