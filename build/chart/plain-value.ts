import { always, type Part, type Tree } from './conditional.ts';

/** What a tree is that no switch changes; undefined where one does. */
export function valueOf(tree: Tree): unknown {
  switch (tree.kind) {
    case 'leaf':
      return tree.value;
    case 'map': {
      const entries = tree.entries.map(([key, parts]) => [key, only(parts)] as const);
      return entries.some(([, value]) => value === undefined)
        ? undefined
        : Object.fromEntries(entries);
    }
    case 'list': {
      const items = tree.items.map((each) => only([each]));
      return items.includes(undefined) ? undefined : items;
    }
  }
}

function only(parts: readonly Part[]): unknown {
  const [first, second] = parts;
  const sure = first !== undefined && second === undefined && isAlways(first);
  return sure ? valueOf(first.tree) : undefined;
}

function isAlways({ when }: Part): boolean {
  return when.any.length === always.any.length && when.none.length === always.none.length;
}
