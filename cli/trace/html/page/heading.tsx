import { PageTools } from '../../../html/page/page-tools.tsx';
import { CopyButton } from './copy-button.tsx';
import { failureText } from './failure.ts';
import type { PageProps } from './page-props.ts';
import { podRoot } from './phases.ts';
import { titleOf } from './title.ts';
import type { SpanRow } from './trace-model.ts';
import { attributeText } from './span-filter.ts';
import { counted, printable, truncateMiddle } from '../../../terminal/text.ts';
import { lastingText, utcText } from './wording.ts';

const longestReason = 80;

/** Whose trace this is, how long and how much, and how it ended. */
export function Heading(props: PageProps) {
  const { model, dispatch } = props;
  const root = podRoot(model.rows) ?? model.rows[0];
  return (
    <header class="heading">
      <div class="title">
        <h1>
          <bdi>{titleOf(root)}</bdi>
        </h1>
        <p class="subtitle">
          <Where root={root} />
          <span class="id">
            trace <code>{model.traceId}</code>
            <CopyButton text={model.traceId} what="trace id" dispatch={dispatch} />
          </span>
        </p>
      </div>
      <Facts {...props} root={root} />
      <PageTools theme={props.state.theme} dispatch={dispatch} />
    </header>
  );
}

function Where({ root }: { readonly root: SpanRow | undefined }) {
  const { 'k8s.namespace.name': namespace, 'k8s.node.name': node } = root?.span.attributes ?? {};
  return (
    <>
      {namespace !== undefined && (
        <span>
          namespace <bdi>{printable(attributeText(namespace))}</bdi>
        </span>
      )}
      {node !== undefined && (
        <span>
          node <bdi>{printable(attributeText(node))}</bdi>
        </span>
      )}
    </>
  );
}

function Facts({ model, root, dispatch }: PageProps & { readonly root: SpanRow | undefined }) {
  const failed = model.rows.filter((row) => row.failed).length;
  const orphans = model.rows.filter((row) => row.orphan).length;
  const reason = root?.failed === true ? reasonOf(root) : '';
  return (
    <ul class="facts">
      <li class="long">{lastingText(model.lengthNs)}</li>
      <li>{counted(model.rows.length, 'span')}</li>
      <li>{counted(model.looks.length, 'service')}</li>
      {failed > 0 && (
        <li class="failed">
          <button
            type="button"
            onClick={() => dispatch({ kind: 'filter', filter: { failedOnly: true } })}
          >
            ✗ {failed} failed{reason === '' ? '' : `: ${reason}`}
          </button>
        </li>
      )}
      {orphans > 0 && <li class="orphans">? {orphans} without their parent</li>}
      <li>
        <time>{utcText(model.beginNs)}</time>
      </li>
    </ul>
  );
}

/** The short reason where there is one, else what the span says. */
function reasonOf({ span }: SpanRow): string {
  const type = span.attributes['error.type'];
  const reason = type === undefined ? failureText(span) : attributeText(type);
  return truncateMiddle(printable(reason), longestReason, '…');
}
