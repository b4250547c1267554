/** Something that took time while a node booted, as a source tells of it. */
export interface Activity {
  /** What it is a part of, such as a unit of systemd's or a stage of cloud-init's. */
  readonly kind: 'kernel' | 'initrd' | 'userspace' | 'unit' | 'cloud-init';
  /** `containerd.service`, `modules-config`; that of the kind where there is one alone. */
  readonly name: string;
  readonly source: string;
  readonly fromUnixNs: bigint;
  readonly toUnixNs: bigint;
  /** How exact both are. */
  readonly precisionNs: number;
  /** 32 hexadecimal digits; undefined where the source does not say. */
  readonly bootId?: string;
  /** Why it failed; undefined: it did not. */
  readonly failure?: string;
}
