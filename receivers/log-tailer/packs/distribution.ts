import { builtInPack, builtInPacks, type BuiltInPack } from './built-in.ts';
import type { Detection } from './pack.ts';

/**
 * The pack for a machine, by the text of its /etc/os-release: that of its distribution, else of one that it is like, else `generic`.
 * Nodes of kind and kubeadm are not told by it.
 */
export function packFor(osRelease: string): BuiltInPack {
  const values = valuesOf(osRelease);
  const ids = [values.get('ID') ?? '', ...(values.get('ID_LIKE') ?? '').split(' ')];
  const version = values.get('VERSION_ID') ?? '';
  for (const id of ids) {
    const found = builtInPacks.find((name) =>
      builtInPack(name).detect.some((detection) => isFor(detection, id, version)),
    );
    if (found !== undefined) return found;
  }
  return 'generic';
}

function isFor({ id, version }: Detection, ofId: string, ofVersion: string): boolean {
  if (id !== ofId) return false;
  return version === undefined || ofVersion === version || ofVersion.startsWith(`${version}.`);
}

/** Keys and values of os-release(5), without quotes. */
function valuesOf(text: string): ReadonlyMap<string, string> {
  return new Map(
    text.split('\n').flatMap((line): readonly (readonly [string, string])[] => {
      const match = /^\s*([A-Z][A-Z0-9_]*)=(?:"(.*)"|'(.*)'|(.*?))\s*$/.exec(line);
      if (match === null) return [];
      const [, key = '', double, single, bare] = match;
      return [[key, (double ?? single ?? bare ?? '').replaceAll(/\\(["$`\\])/g, '$1')]];
    }),
  );
}
