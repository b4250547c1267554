/** A process of one host, told from every other one, and from later ones with the same id. */
export interface ProcessIdentity {
  /** Differs between hosts and between boots of one host. */
  readonly bootId: string;
  /** The process id only means something inside this. */
  readonly pidNamespace: string;
  readonly pid: number;
  /** Tells a process from a later one with the same id. */
  readonly startTicks: string;
}

/** Who runs a probe, as written on its pod, so that a later run can tell whether it still lives. */
export type Owner =
  | {
      readonly kind: 'pod';
      readonly namespace: string;
      readonly name: string;
      readonly uid: string;
      /** The process in that pod: a container that was restarted is another one. */
      readonly process?: ProcessIdentity;
    }
  | ({ readonly kind: 'process' } & ProcessIdentity)
  | { readonly kind: 'unknown' };

function formatProcess(process: ProcessIdentity): string {
  return `${process.bootId}/${process.pidNamespace}/${process.pid}/${process.startTicks}`;
}

function parseProcess(parts: readonly string[]): ProcessIdentity | undefined {
  const [bootId = '', pidNamespace = '', pid = '', startTicks = ''] = parts;
  if (parts.length !== 4 || !/^[1-9]\d*$/.test(pid) || startTicks === '') return undefined;
  return { bootId, pidNamespace, pid: Number(pid), startTicks };
}

/** Writes an owner as the text of an annotation. */
export function formatOwner(owner: Owner): string {
  switch (owner.kind) {
    case 'pod': {
      const pod = `pod/${owner.namespace}/${owner.name}/${owner.uid}`;
      return owner.process === undefined ? pod : `${pod}/${formatProcess(owner.process)}`;
    }
    case 'process':
      return `process/${formatProcess(owner)}`;
    case 'unknown':
      return 'unknown';
  }
}

/** Reads an owner back; anything else than what formatOwner writes is unknown. */
export function parseOwner(text: string | undefined): Owner {
  const [kind, ...parts] = (text ?? '').split('/');
  if (kind === 'process') {
    const process = parseProcess(parts);
    return process === undefined ? { kind: 'unknown' } : { kind, ...process };
  }
  const [namespace = '', name = '', uid = '', ...rest] = parts;
  if (kind !== 'pod' || namespace === '' || name === '' || uid === '') return { kind: 'unknown' };
  if (rest.length === 0) return { kind, namespace, name, uid };
  const process = parseProcess(rest);
  return process === undefined ? { kind: 'unknown' } : { kind, namespace, name, uid, process };
}

/** The process that an owner names, if any. */
export function processOf(owner: Owner): ProcessIdentity | undefined {
  switch (owner.kind) {
    case 'pod':
      return owner.process;
    case 'process':
      return owner;
    case 'unknown':
      return undefined;
  }
}
