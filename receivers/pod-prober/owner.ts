/** Who runs a probe, as written on its pod, so that a later run can tell whether it still lives. */
export type Owner =
  | {
      readonly kind: 'pod';
      readonly namespace: string;
      readonly name: string;
      readonly uid: string;
    }
  | {
      readonly kind: 'process';
      /** Differs between hosts and between boots of one host. */
      readonly bootId: string;
      /** The process id only means something inside this. */
      readonly pidNamespace: string;
      readonly pid: number;
      /** Tells a process from a later one with the same id. */
      readonly startTicks: string;
    }
  | { readonly kind: 'unknown' };

/** Writes an owner as the text of an annotation. */
export function formatOwner(owner: Owner): string {
  switch (owner.kind) {
    case 'pod':
      return `pod/${owner.namespace}/${owner.name}/${owner.uid}`;
    case 'process':
      return `process/${owner.bootId}/${owner.pidNamespace}/${owner.pid}/${owner.startTicks}`;
    case 'unknown':
      return 'unknown';
  }
}

/** Reads an owner back; anything else than what formatOwner writes is unknown. */
export function parseOwner(text: string | undefined): Owner {
  const [kind, ...parts] = (text ?? '').split('/');
  const [first = '', second = '', third = '', fourth = ''] = parts;
  if (kind === 'pod' && parts.length === 3 && parts.every((part) => part !== '')) {
    return { kind, namespace: first, name: second, uid: third };
  }
  if (kind === 'process' && parts.length === 4 && /^[1-9]\d*$/.test(third) && fourth !== '') {
    return { kind, bootId: first, pidNamespace: second, pid: Number(third), startTicks: fourth };
  }
  return { kind: 'unknown' };
}
