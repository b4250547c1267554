import type { ServerResponse } from 'node:http';

import { exposition, type Exposed } from './core/exposition.ts';
import { formatFor } from '../shared/metrics/text-format.ts';
import { afterOf, tallyText, type TallyHead } from './core/tally-text.ts';
import type { Tally } from './core/tally.ts';
import { healthRoute, streamText, type Route } from '../shared/web-server.ts';

export interface MetricsRoutesOptions {
  readonly exposed: () => Exposed;
  readonly tally: Tally;
  readonly tallyHead: () => TallyHead;
  /** What is wrong; undefined: nothing. */
  readonly problem: () => string | undefined;
  readonly notReady: () => string | undefined;
}

type Routes = Readonly<Record<string, Route>>;

export const pingRoutes: Routes = {
  '/ping': (_, response) => void response.end('pong\n'),
};

/** What is served on the port of the metrics. */
export function metricsRoutes(options: MetricsRoutesOptions): Routes {
  const { exposed, tally, tallyHead, problem, notReady } = options;
  return {
    '/metrics': ({ headers }, response) => {
      const format = formatFor(headers.accept);
      return streamText(response, format.contentType, exposition(exposed(), format));
    },
    '/tally': ({ url = '' }, response) => {
      const answer = afterOf(new URL(url, 'http://pinger').searchParams);
      if (answer.kind === 'invalid') return refuse(response, answer.problem);
      const text = tallyText(tallyHead(), tally.after(answer.after));
      return streamText(response, 'application/json', text);
    },
    '/healthz': healthRoute(problem),
    '/readyz': healthRoute(notReady),
  };
}

function refuse(response: ServerResponse, problem: string): void {
  response.writeHead(400, { 'content-type': 'text/plain; charset=utf-8' }).end(`${problem}\n`);
}
