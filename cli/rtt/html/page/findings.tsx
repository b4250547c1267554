import type { Verdict } from '../../../../receivers/shared/mesh/matrix-report.ts';
import { counted, printable } from '../../../terminal/text.ts';
import type { Matrix } from '../../matrix.ts';
import { verdictText } from '../../verdict-text.ts';
import type { MeshModel } from './mesh-model.ts';
import type { PageAction } from './page-action.ts';
import type { PageProps } from './page-props.ts';

/** What the aggregator found at fault, and whose pinger it does not hear. */
export function Findings({ model, dispatch }: PageProps) {
  const { verdicts, silent, atMs } = model.report;
  const nothing = verdicts.length === 0 && silent.length === 0;
  return (
    <ul class="findings" aria-label="Findings">
      {nothing && <li class="muted">No fault found.</li>}
      {verdicts.map((verdict, index) => (
        <li key={index} class="fault">
          <span aria-hidden="true">✗</span>
          <Finding
            text={verdictText(verdict, { atMs, shown: printable })}
            action={leadingTo(model, verdict)}
            dispatch={dispatch}
          />
        </li>
      ))}
      {silent.length > 0 && (
        <li class="silent">
          <span aria-hidden="true">?</span>
          <span>
            {counted(silent.length, 'pinger')} not heard:{' '}
            <bdi>{silent.map(printable).join(', ')}</bdi>
          </span>
        </li>
      )}
    </ul>
  );
}

interface FindingProps extends Pick<PageProps, 'dispatch'> {
  readonly text: string;
  /** What leads to it; undefined: it is not in the map. */
  readonly action: PageAction | undefined;
}

function Finding({ text, action, dispatch }: FindingProps) {
  return action === undefined ? (
    <bdi>{text}</bdi>
  ) : (
    <button type="button" onClick={() => dispatch(action)}>
      <bdi>{text}</bdi>
    </button>
  );
}

function leadingTo(model: MeshModel, verdict: Verdict): PageAction | undefined {
  switch (verdict.kind) {
    case 'node':
      return model.nodes === undefined ? undefined : { kind: 'filter', filter: verdict.node };
    case 'link':
      return linkAction(model.nodes, verdict);
    case 'zones':
      return linkAction(model.zones, verdict);
  }
}

function linkAction(
  matrix: Matrix | undefined,
  verdict: { readonly from: string; readonly to: string },
): PageAction | undefined {
  const place = (wanted: string) => matrix?.members.findIndex(({ name }) => name === wanted) ?? -1;
  const [from, to] = [place(verdict.from), place(verdict.to)];
  return matrix === undefined || from < 0 || to < 0
    ? undefined
    : { kind: 'go', of: matrix.of, from, to };
}
