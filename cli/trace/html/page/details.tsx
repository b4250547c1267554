import type { ComponentChildren } from 'preact';
import { nameOf } from '../../drawing.ts';
import { printable } from '../../../terminal/text.ts';
import { Breakable } from '../../../html/page/breakable.tsx';
import { CopyButton } from './copy-button.tsx';
import { failureText } from './failure.ts';
import type { PageProps } from './page-props.ts';
import { ServiceMark } from './service-mark.tsx';
import { attributeText } from './span-filter.ts';
import type { SpanRow } from './trace-model.ts';
import { lastingText, printableLines, shareText, utcText } from './wording.ts';

/** All that is known about the selected span. */
export function Details(props: PageProps) {
  const { model, state, dispatch } = props;
  const row = model.rows[state.selected];
  if (!state.details || row === undefined) return null;
  const { span } = row;
  return (
    <aside class="details" aria-label="Details of the span">
      <div class="details-head">
        <h2>
          <Breakable text={nameOf(span)} />
        </h2>
        <button
          type="button"
          class="tool"
          aria-keyshortcuts="Escape"
          onClick={() => dispatch({ kind: 'details', open: false })}
        >
          Close
        </button>
      </div>
      <p class="details-service">
        <ServiceMark look={row.look} />
        <bdi>{printable(span.service)}</bdi> <span class="muted">{span.kind}</span>
      </p>
      {row.failed && (
        <p class="failure">
          ✗ <bdi>{printableLines(failureText(span)) || 'Failed'}</bdi>
        </p>
      )}
      <Times {...props} row={row} />
      <Ids {...props} row={row} />
      <Events {...props} row={row} />
      <Attributes {...props} row={row} />
      <Links {...props} row={row} />
    </aside>
  );
}

type PartProps = PageProps & { readonly row: SpanRow };

function Times({ model, row }: PartProps) {
  const lastingNs = row.toNs - row.fromNs;
  const share = shareText(lastingNs, model.lengthNs);
  return (
    <dl class="facts-list">
      <Fact name="Duration">
        {lastingText(lastingNs)} {share !== '' && <span class="muted">{share} of the trace</span>}
      </Fact>
      <Fact name="From">{lastingText(row.fromNs)} after the trace’s begin</Fact>
      <Fact name="To">{lastingText(row.toNs)}</Fact>
      <Fact name="Began">{utcText(BigInt(row.span.startTimeUnixNano))}</Fact>
    </dl>
  );
}

function Ids({ model, row, dispatch }: PartProps) {
  const { spanId, parentSpanId } = row.span;
  return (
    <dl class="facts-list">
      <Fact name="Span">
        <code>{spanId}</code>
        <CopyButton text={spanId} what="span id" dispatch={dispatch} />
        <CopyButton
          text={JSON.stringify(row.span, undefined, 2)}
          what="span as JSON"
          word="JSON"
          dispatch={dispatch}
        />
      </Fact>
      <Fact name="Parent">
        {parentSpanId === null ? (
          <span class="muted">none</span>
        ) : (
          <SpanLink model={model} index={row.parent} spanId={parentSpanId} dispatch={dispatch} />
        )}
      </Fact>
    </dl>
  );
}

interface SpanLinkProps extends Pick<PageProps, 'model' | 'dispatch'> {
  /** Row of the span; none where it is not in this trace. */
  readonly index: number;
  readonly spanId: string;
}

function SpanLink({ model, index, spanId, dispatch }: SpanLinkProps) {
  const row = model.rows[index];
  return row === undefined ? (
    <>
      <code>{spanId}</code> <span class="muted">not in this trace</span>
    </>
  ) : (
    <button
      type="button"
      class="link"
      onClick={() => dispatch({ kind: 'select', index, details: true })}
    >
      <Breakable text={nameOf(row.span)} />
    </button>
  );
}

const groups = [
  { title: 'Attributes', prefix: '' },
  { title: 'kube-latency', prefix: 'kube_latency.' },
  { title: 'Resource', prefix: 'resource.' },
];

function Attributes({ row, dispatch }: PartProps) {
  const all = Object.entries(row.span.attributes).toSorted(([a], [b]) => (a < b ? -1 : 1));
  const groupOf = (key: string) => groups.findLast(({ prefix }) => key.startsWith(prefix));
  return groups.map((group) => {
    const pairs = all.filter(([key]) => groupOf(key) === group);
    return (
      pairs.length > 0 && (
        <section key={group.title}>
          <h3>{group.title}</h3>
          <dl class="attributes">
            {pairs.map(([key, value]) => (
              <Fact key={key} name={printable(key.slice(group.prefix.length))}>
                <bdi>{printableLines(attributeText(value))}</bdi>
                <CopyButton
                  text={attributeText(value)}
                  what={`value of ${printable(key)}`}
                  dispatch={dispatch}
                />
              </Fact>
            ))}
          </dl>
        </section>
      )
    );
  });
}

function Events({ model, row }: PartProps) {
  const { events } = row.span;
  if (events.length === 0) return null;
  return (
    <section>
      <h3>Events</h3>
      <ol class="events">
        {events.map(({ name, timeUnixNano, attributes }, place) => (
          <li key={place}>
            <span class="muted">{lastingText(Number(BigInt(timeUnixNano) - model.beginNs))}</span>{' '}
            <bdi>{printable(name)}</bdi>
            <dl>
              {Object.entries(attributes).map(([key, value]) => (
                <Fact key={key} name={printable(key)}>
                  <bdi>{printableLines(attributeText(value))}</bdi>
                </Fact>
              ))}
            </dl>
          </li>
        ))}
      </ol>
    </section>
  );
}

function Links({ model, row, dispatch }: PartProps) {
  const { links } = row.span;
  if (links.length === 0) return null;
  return (
    <section>
      <h3>Links</h3>
      <ul class="links">
        {links.map(({ traceId, spanId }, place) => (
          <li key={place}>
            {traceId === model.traceId ? (
              <SpanLink
                model={model}
                index={model.rows.findIndex((other) => other.span.spanId === spanId)}
                spanId={spanId}
                dispatch={dispatch}
              />
            ) : (
              <>
                <span class="muted">trace</span> <code>{traceId}</code>
                <CopyButton text={traceId} what="linked trace id" dispatch={dispatch} />
                <br />
                <span class="muted">span</span> <code>{spanId}</code>
                <CopyButton text={spanId} what="linked span id" dispatch={dispatch} />
              </>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}

function Fact({ name, children }: { readonly name: string; readonly children: ComponentChildren }) {
  return (
    <div>
      <dt>
        <bdi>{name}</bdi>
      </dt>
      <dd>{children}</dd>
    </div>
  );
}
