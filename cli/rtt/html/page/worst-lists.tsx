import { lossOf } from '../../cell-state.ts';
import { lossText } from '../../loss-text.ts';
import type { Link, Matrix } from '../../matrix.ts';
import { timeText } from '../../time-text.ts';
import { lossiest, slowest } from '../../worst.ts';
import type { PageProps } from './page-props.ts';
import { memberName } from './wording.ts';

const most = 10;
const lists = new WeakMap<Matrix, { readonly slow: Link[]; readonly lossy: Link[] }>();

/** The slowest pairs and those that lose most; each leads to its cell. */
export function WorstLists({ shown, dispatch }: PageProps) {
  const { matrix } = shown;
  const { slow, lossy } = worstOf(matrix);
  const props = { matrix, dispatch };
  return (
    <>
      <WorstList
        {...props}
        title="Most lost"
        links={lossy}
        value={({ cell }) => lossText(lossOf(cell))}
      />
      <WorstList
        {...props}
        title="Slowest"
        links={slow}
        value={({ cell }) => timeText(cell.meanS)}
      />
    </>
  );
}

function worstOf(matrix: Matrix) {
  const known = lists.get(matrix);
  if (known !== undefined) return known;
  const found = { slow: slowest(matrix, most), lossy: lossiest(matrix, most) };
  lists.set(matrix, found);
  return found;
}

interface ListProps extends Pick<PageProps, 'dispatch'> {
  readonly matrix: Matrix;
  readonly title: string;
  readonly links: readonly Link[];
  readonly value: (link: Link) => string;
}

function WorstList({ matrix, title, links, value, dispatch }: ListProps) {
  if (links.length === 0) return null;
  const nameAt = (place: number): string => {
    const member = matrix.members[place];
    return member === undefined ? '' : memberName(member);
  };
  return (
    <section class="worst">
      <h2>{title}</h2>
      <ol>
        {links.map((link) => (
          <li key={`${link.from} ${link.to}`}>
            <button
              type="button"
              onClick={() => dispatch({ kind: 'go', of: matrix.of, from: link.from, to: link.to })}
            >
              <span class="value">{value(link)}</span>
              <span class="link-names">
                <bdi>{nameAt(link.from)}</bdi> → <bdi>{nameAt(link.to)}</bdi>
              </span>
            </button>
          </li>
        ))}
      </ol>
    </section>
  );
}
