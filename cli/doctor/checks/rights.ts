import type { Facts, Right, RightAnswer, Seen } from '../facts.ts';
import { ok, problem, unknown, type Finding, type Verdict } from '../finding.ts';

/** What one probe asks the API server for; receivers/pod-prober/README.md has the reasons. */
export function probeRights(namespace: string): Right[] {
  return [
    ...['create', 'get', 'list', 'watch', 'patch', 'delete'].map((verb) => ({
      verb,
      resource: 'pods',
      namespace,
    })),
    ...['list', 'watch'].map((verb) => ({ verb, resource: 'events', namespace })),
  ];
}

/** What a correlator asks the API server for. */
export const correlatorRights: readonly Right[] = ['list', 'watch'].map((verb) => ({
  verb,
  resource: 'pods',
  namespace: null,
}));

export function checkCorrelatorRights({ correlator }: Facts): Finding[] {
  const expected = describeRights(correlatorRights);
  const verdict =
    correlator.kind === 'hidden'
      ? unknown(`cannot be seen: ${correlator.why}`, expected)
      : judgeRights(correlator.value.rights, {
          who: 'kube-latency-correlator',
          user: { kind: 'seen', value: { name: correlator.value.user } },
        });
  return [{ component: 'correlator', node: null, check: 'rights', ...verdict }];
}

interface Holder {
  /** Name of the role that the fix makes. */
  readonly who: string;
  readonly user: Seen<{ readonly name: string }>;
}

/** Judges what the API server answered about the rights that somebody needs. */
export function judgeRights(answers: readonly RightAnswer[], holder: Holder): Verdict {
  const expected = describeRights(answers);
  const missing = answers.filter(({ allowed }) => allowed.kind === 'seen' && !allowed.value);
  if (missing.length > 0) {
    return problem(`missing: ${describeRights(missing)}`, expected, grant(missing, holder));
  }
  for (const { allowed } of answers) {
    if (allowed.kind === 'hidden') return unknown(`cannot be seen: ${allowed.why}`, expected);
  }
  return ok('all that it needs', expected);
}

/** `pods (create, get) and events (list) in namespace kube-latency` */
function describeRights(rights: readonly Right[]): string {
  const parts = [...byResource(rights)].map(
    ([resource, verbs]) => `${resource} (${verbs.join(', ')})`,
  );
  const namespace = rights[0]?.namespace ?? null;
  return `${parts.join(' and ')} in ${namespace === null ? 'all namespaces' : `namespace ${namespace}`}`;
}

function byResource(rights: readonly Right[]): Map<string, string[]> {
  const verbs = new Map<string, string[]>();
  for (const { resource, verb } of rights) {
    verbs.set(resource, [...(verbs.get(resource) ?? []), verb]);
  }
  return verbs;
}

function grant(missing: readonly Right[], { who, user }: Holder): string {
  const namespace = missing[0]?.namespace ?? null;
  const [kind, scope] =
    namespace === null ? ['clusterrole', ''] : ['role', ` --namespace=${namespace}`];
  return [...byResource(missing)]
    .flatMap(([resource, verbs]) => {
      const name = `${who}-${resource}`;
      return [
        `kubectl create ${kind} ${name}${scope} --verb=${verbs.join(',')} --resource=${resource}`,
        `kubectl create ${kind}binding ${name}${scope} --${kind}=${name} ${subject(user)}`,
      ];
    })
    .join('\n');
}

function subject(user: Seen<{ readonly name: string }>): string {
  if (user.kind === 'hidden') return '--user=NAME';
  const account = /^system:serviceaccount:(.+)$/.exec(user.value.name)?.[1];
  return account === undefined ? `--user=${user.value.name}` : `--serviceaccount=${account}`;
}
