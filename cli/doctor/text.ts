import type { Terminal } from '../command.ts';
import { painter, type Paint, type Style } from '../terminal/paint.ts';
import { columns, counted, padEnd, printable } from '../terminal/text.ts';
import { summaryOf } from './diagnose.ts';
import type { Facts, Install } from './facts.ts';
import { components, type ComponentName, type Finding, type Level } from './finding.ts';

const titles: Readonly<Record<ComponentName, string>> = {
  'api-server': 'API server',
  etcd: 'etcd',
  kubelet: 'Kubelets',
  'container-runtime': 'Container runtimes',
  prober: 'Prober',
  correlator: 'Correlators',
  clocks: 'Clocks',
  collectors: 'Collectors',
  backend: 'Backend',
};

const installs: Readonly<Record<Install, string>> = {
  local: 'made by kube-latency up',
  kind: 'made by kind',
  kubeadm: 'its control plane in static pods',
  managed: 'managed by a provider',
  other: 'made in a way that cannot be told',
};

const styles: Readonly<Record<Level, Style>> = {
  ok: 'green',
  warning: 'yellow',
  problem: 'red',
  unknown: 'cyan',
};

const mostNodesNamed = 3;

/** The findings for people, by component; what several nodes have in common is said once. */
export function findingsText(
  facts: Facts,
  findings: readonly Finding[],
  { colour }: Pick<Terminal, 'colour'>,
): string {
  const paint = painter(colour);
  const sections = components.flatMap((component) => {
    const own = findings.filter((each) => each.component === component);
    return own.length === 0 ? [] : ['', ...sectionLines(component, own, paint)];
  });
  return [headline(facts), ...sections, '', lastLine(findings, paint)].join('\n');
}

function headline({ server, version, install, nodes }: Facts): string {
  const kubernetes = version.kind === 'seen' ? `Kubernetes ${version.value}` : 'unknown version';
  const howMany = nodes.kind === 'seen' ? [counted(nodes.value.length, 'node')] : [];
  return printable([`Cluster ${server}: ${kubernetes}`, ...howMany, installs[install]].join(', '));
}

function sectionLines(
  component: ComponentName,
  findings: readonly Finding[],
  paint: Paint,
): string[] {
  const merged = mergeNodes(findings);
  const checkWidth = Math.max(...merged.map(({ check }) => columns(check)));
  const all = new Set(findings.flatMap(({ node }) => node ?? []));
  return [
    paint('bold', titles[component]),
    ...merged.flatMap(({ check, level, found, expected, fix, nodes }) => {
      const where = all.size > 1 ? ` ${paint('dim', nodesText(nodes, all.size))}` : '';
      const level7 = paint(styles[level], padEnd(level, 7));
      return [
        `  ${level7}  ${padEnd(check, checkWidth)}  ${printable(found)}${where}`.trimEnd(),
        ...(level === 'ok' ? [] : details(expected, fix)),
      ];
    }),
  ];
}

function details(expected: string, fix: string | null): string[] {
  const label = (name: string): string => `           ${padEnd(name, 8)}  `;
  const [first = '', ...rest] = (fix ?? '').split('\n').map(printable);
  return [
    `${label('expected')}${printable(expected)}`,
    ...(fix === null ? [] : [`${label('fix')}${first}`]),
    ...rest.map((line) => `${label('')}${line}`.trimEnd()),
  ];
}

type Merged = Omit<Finding, 'node'> & { readonly nodes: readonly (string | null)[] };

function mergeNodes(findings: readonly Finding[]): Merged[] {
  const same = Map.groupBy(findings, ({ check, level, found, expected, fix }) =>
    JSON.stringify([check, level, withoutAge(found), expected, fix]),
  );
  return [...same.values()].flatMap((group) => {
    const [first] = group;
    if (first === undefined) return [];
    const found = group.length === 1 ? first.found : withoutAge(first.found);
    return [{ ...first, found, nodes: group.map(({ node }) => node) }];
  });
}

/** How old the newest span is differs from node to node without saying anything. */
function withoutAge(found: string): string {
  return found.replace(/, the newest \d+ (s|min) old$/, '');
}

function nodesText(nodes: readonly (string | null)[], all: number): string {
  const names = nodes.filter((node) => node !== null);
  if (names.length === 0) return '';
  if (names.length === all) return `(all ${all} nodes)`;
  return names.length <= mostNodesNamed
    ? `(${names.map(printable).join(', ')})`
    : `(${names.length} nodes: ${names
        .slice(0, mostNodesNamed - 1)
        .map(printable)
        .join(', ')}, ...)`;
}

function lastLine(findings: readonly Finding[], paint: Paint): string {
  const { ok, warning, problem, unknown } = summaryOf(findings);
  const parts = [
    [problem, 'problem', counted(problem, 'problem')],
    [warning, 'warning', counted(warning, 'warning')],
    [unknown, 'unknown', `${unknown} unknown`],
  ] as const;
  const told = parts
    .filter(([count]) => count > 0)
    .map(([, level, text]) => paint(styles[level], text));
  const all = counted(findings.length, 'check');
  return told.length === 0 ? `${all}, all ok` : `${all}: ${[...told, `${ok} ok`].join(', ')}`;
}
