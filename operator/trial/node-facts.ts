/** What matters of a node on which pods may come to run. */
export interface NodeFacts {
  readonly name: string;
  readonly uid: string;
}

interface NodeObject {
  readonly metadata?: {
    readonly name?: string;
    readonly uid?: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly deletionTimestamp?: string;
  };
  readonly spec?: { readonly unschedulable?: boolean };
  readonly status?: {
    readonly conditions?: readonly { readonly type?: string; readonly status?: string }[];
  };
}

/** Reads a node as the API server gives it; nothing for one that takes no pods now, or none of Linux. */
export function nodeFacts(object: unknown): readonly NodeFacts[] {
  const { metadata = {}, spec = {}, status = {} } = object as NodeObject;
  const { name, uid = '', labels = {}, deletionTimestamp } = metadata;
  const isReady = status.conditions?.some(
    (each) => each.type === 'Ready' && each.status === 'True',
  );
  const takesPods = spec.unschedulable !== true && deletionTimestamp === undefined;
  const isLinux = (labels['kubernetes.io/os'] ?? 'linux') === 'linux';
  return name !== undefined && isReady === true && takesPods && isLinux ? [{ name, uid }] : [];
}
