import { humanDuration } from '../terminal/duration.ts';
import type { Glyphs } from '../terminal/glyphs.ts';
import { painter, type Paint } from '../terminal/paint.ts';
import { tableLines } from '../terminal/table.ts';
import { columns, counted, padEnd, padStart, printable, wrapItems } from '../terminal/text.ts';
import type { Certainty } from './cause.ts';
import type { Comparison } from './comparison.ts';
import type { Explanation } from './explanation.ts';
import { shareOf } from './json.ts';
import { lengthNs, type Step } from './steps.ts';

export interface TextOptions {
  /** Columns; text is broken for no less than 60 and no more than 100. */
  readonly width: number;
  readonly colour: boolean;
  readonly glyphs: Glyphs;
  /** Which hour the other probes are of. */
  readonly hour: string;
}

interface Page {
  readonly width: number;
  readonly micro: string;
  readonly separator: string;
  readonly paint: Paint;
}

/** Marks before a time that no span measured. */
const marks: Readonly<Record<Certainty, string>> = { span: ' ', inferred: '~', none: '?' };

/** The explanation for people; no newline after the last line. */
export function explanationText(
  explanation: Explanation,
  comparison: Comparison,
  options: TextOptions,
): string {
  const page: Page = {
    width: Math.min(100, Math.max(60, options.width)),
    micro: options.glyphs.micro,
    separator: options.glyphs.separator,
    paint: painter(options.colour),
  };
  return [
    ...headingLines(explanation, page),
    '',
    ...verdictLines(explanation, page),
    '',
    ...stepLines(explanation, page),
    ...legendLines(explanation, page),
    '',
    ...causeLines(explanation, page),
    '',
    ...comparisonLines(comparison, { ...page, hour: options.hour }),
  ].join('\n');
}

function headingLines(explanation: Explanation, page: Page): string[] {
  const { pod, traceId, failure, fromNs, toNs } = explanation;
  const total = humanDuration(toNs - fromNs, page.micro);
  const where = pod.node === null ? '' : ` on node ${pod.node}`;
  const outcome = failure === null ? `Ready after ${total}` : `not Ready after ${total}`;
  const exact =
    explanation.uncertaintySeconds === 0
      ? ''
      : ` (its creation is known to ${explanation.uncertaintySeconds} s)`;
  const title = `Pod ${pod.namespace}/${pod.name}${where}: ${outcome}${exact}`;
  return [
    ...wrapped(printable(title), page.width),
    ...(failure === null ? [] : wrapped(printable(failure), page.width)),
    page.paint('dim', `trace ${traceId}`),
  ];
}

function verdictLines({ verdict }: Explanation, { width, paint }: Page): string[] {
  return [
    ...wrapped(printable(verdict.sentence), width).map((line) => paint('bold', line)),
    ...verdict.evidence.flatMap((each) => wrapped(printable(each), width - 2).map(indent)),
  ];
}

const indent = (line: string): string => `  ${line}`;

function stepLines(explanation: Explanation, page: Page): string[] {
  const { steps, fromNs, toNs } = explanation;
  const rows = steps.map((step) => ({
    step,
    took: humanDuration(lengthNs(step), page.micro),
    share: percent(shareOf(lengthNs(step), toNs - fromNs)),
  }));
  const took = widest(['TOOK', ...rows.map((row) => row.took)]);
  const component = widest(['COMPONENT', ...steps.map((step) => step.component)]);
  const left = took + component + 15;
  const head = `${padStart('TOOK', took + 2)}   SHARE  ${padEnd('COMPONENT', component)}  WHAT`;
  return [
    page.paint('dim', head),
    ...rows.flatMap(({ step, ...row }) => {
      const cells = [
        `${marks[step.certainty]} ${padStart(row.took, took)}`,
        ` ${padStart(row.share, 6)}`,
        padEnd(printable(step.component), component),
      ].join('  ');
      const what = printable(whatOf(step, explanation));
      const [first = '', ...more] = wrapped(what, page.width - left);
      const rest = more.map((line) => ' '.repeat(left) + line);
      const style = styles[step.certainty];
      const painted = style === undefined ? cells : page.paint(style, cells);
      return [`${painted}  ${first}`, ...rest];
    }),
  ];
}

const styles = { span: undefined, inferred: 'cyan', none: 'yellow' } as const;

/** The pod's own node is named once, above. */
function whatOf({ what, node }: Step, { pod }: Explanation): string {
  return node === null || node === pod.node ? what : `${what}, on ${node}`;
}

function legendLines({ certainties, fromNs, toNs }: Explanation, page: Page): string[] {
  const line = (certainty: Certainty, words: string): string[] => {
    const ns = certainties[certainty];
    if (ns === 0n) return [];
    const amount = `${humanDuration(ns, page.micro)}, ${percent(shareOf(ns, toNs - fromNs))}`;
    return wrapped(`${marks[certainty]} ${words}: ${amount}`, page.width);
  };
  const lines = [
    ...line('inferred', "told by the pod's status, settings or the order of events, not by a span"),
    ...line('none', 'no span accounts for it'),
  ];
  return lines.length === 0 ? [] : ['', ...lines];
}

function causeLines({ causes, fromNs, toNs }: Explanation, page: Page): string[] {
  const items = causes
    .filter(({ ns }) => shareOf(ns, toNs - fromNs) >= 0.005)
    .map(({ cause, ns }) => ({ text: `${cause} ${humanDuration(ns, page.micro)}` }));
  const separator = ` ${page.separator} `;
  const lines = wrapItems(items, separator.length, page.width - 10);
  return lines.map(
    (line, index) =>
      (index === 0 ? 'By cause  ' : ' '.repeat(10)) + line.map(({ text }) => text).join(separator),
  );
}

function comparisonLines(
  comparison: Comparison,
  { width, micro, paint, hour }: Page & { readonly hour: string },
): string[] {
  switch (comparison.kind) {
    case 'none':
      return [`No other probes ${hour} to compare with`];
    case 'unknown':
      return wrapped(
        printable(`Other probes ${hour} could not be read: ${comparison.problem}`),
        width,
      );
    case 'compared': {
      const rows = comparison.phases.map(({ phase, ns, medianNs, times }) => [
        phase,
        humanDuration(ns, micro),
        humanDuration(medianNs, micro),
        times === null ? '-' : `${times.toFixed(times < 9.95 ? 1 : 0)} x`,
      ]);
      const head = [
        { title: 'PHASE' },
        { title: 'THIS POD', align: 'right' },
        { title: 'MEDIAN', align: 'right' },
        { title: 'RATIO', align: 'right' },
      ] as const;
      const [titles = '', ...lines] = tableLines(head, rows);
      const probes = `${counted(comparison.probes, 'other probe')} ${hour}`;
      return [`Compared with ${probes}`, paint('dim', titles), ...lines];
    }
  }
}

function widest(texts: readonly string[]): number {
  return texts.reduce((most, text) => Math.max(most, columns(text)), 0);
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}

/** Breaks text between words into lines of at most so many columns; a longer word has its own line. */
function wrapped(text: string, width: number): string[] {
  const words = text
    .split(' ')
    .filter((word) => word !== '')
    .map((word) => ({ text: word }));
  return wrapItems(words, 1, width).map((line) => line.map((word) => word.text).join(' '));
}
