import { PageTools } from '../../../html/page/page-tools.tsx';
import { printable } from '../../../terminal/text.ts';
import type { PageProps } from './page-props.ts';

/** Whose boot it is, how long it took, and whether it came to its end. */
export function Heading({ data, state, dispatch }: PageProps) {
  const { node, facts, began, took, complete } = data;
  return (
    <header class="heading">
      <div class="title">
        <h1>
          Boot of <bdi>{printable(node)}</bdi>
        </h1>
        <dl class="subtitle">
          {facts.map(([name, value]) => (
            <div key={name}>
              <dt>{wordsOf(name)}</dt>{' '}
              <dd>
                <bdi>{printable(value)}</bdi>
              </dd>
            </div>
          ))}
        </dl>
      </div>
      <ul class="facts">
        {took !== '' && <li class="long">{took}</li>}
        {!complete && <li class="incomplete">✗ not complete</li>}
        <li>
          <time>{began}</time>
        </li>
      </ul>
      <PageTools theme={state.theme} dispatch={dispatch} />
    </header>
  );
}

/** `instanceType` as people write it. */
function wordsOf(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}
