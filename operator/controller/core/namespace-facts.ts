import type { Labels } from '../../label-selector.ts';

/** What matters of a namespace. */
export interface NamespaceFacts {
  readonly name: string;
  readonly labels: Labels;
  /** It is being deleted: nothing can be made in it any more. */
  readonly ends: boolean;
}

/** Reads a namespace as the API server gives it. */
export function namespaceFacts(object: unknown): readonly NamespaceFacts[] {
  const { metadata = {} } = object as {
    readonly metadata?: {
      readonly name?: string;
      readonly labels?: Labels;
      readonly deletionTimestamp?: string;
    };
  };
  const { name, labels = {}, deletionTimestamp } = metadata;
  return name === undefined ? [] : [{ name, labels, ends: deletionTimestamp !== undefined }];
}
