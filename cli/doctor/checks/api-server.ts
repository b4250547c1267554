import { agentEndpoint, judgeEndpoint } from '../endpoint.ts';
import type { ApiServerProcess, Facts } from '../facts.ts';
import { ok, problem, unknown, warning, type Finding, type Verdict } from '../finding.ts';
import { apiServerFix, ifOff } from '../fixes.ts';
import { isPrivileged } from '../privileged.ts';
import { atLeast, parseVersion, type Version } from '../version.ts';
import { arrivalOf, judgeArrival } from './arrivals.ts';

type Check = readonly [check: string, verdict: Verdict];

/** Whether the API server traces, and lets the prober's trace in. */
export function checkApiServer(facts: Facts): Finding[] {
  const told = facts.version.kind === 'seen' ? facts.version.value : undefined;
  const version = told === undefined ? undefined : parseVersion(told);
  const fix = apiServerFix(facts.install, version);
  const findings = [finding(null)(['version', judgeVersion(facts, version)])];
  const processes = facts.apiServers.kind === 'seen' ? facts.apiServers.value : [];
  if (processes.length === 0) return [...findings, ...unseen(facts, fix).map(finding(null))];
  return [
    ...findings,
    ...processes.flatMap((process) =>
      checkProcess(process, { facts, fix, version }).map(finding(process.node)),
    ),
  ];
}

function finding(node: string | null): (check: Check) => Finding {
  return ([check, verdict]) => ({ component: 'api-server', node, check, ...verdict });
}

function judgeVersion({ version: told, prober }: Facts, version: Version | undefined): Verdict {
  const expected = 'Kubernetes 1.34 or later';
  if (told.kind === 'hidden') return unknown(`its version cannot be seen: ${told.why}`, expected);
  if (version === undefined)
    return unknown(`a version that is not understood: ${told.value}`, expected);
  if (!atLeast(version, 1, 22)) return problem(`${told.value}: cannot trace`, expected, 'upgrade');
  if (!atLeast(version, 1, 33)) {
    const gate = atLeast(version, 1, 27) ? '' : '; needs --feature-gates=APIServerTracing=true';
    return warning(
      `${told.value}: takes nobody's trace as parent of its spans, only links to it${gate}`,
      expected,
      'upgrade; until then a sampling of 1000000 lets the correlator join by links',
    );
  }
  if (!atLeast(version, 1, 34)) return warning(`${told.value}: not tested`, expected, 'upgrade');
  const whom = isPrivileged(prober) ? 'the prober' : 'members of system:monitoring';
  return ok(`${told.value}: its spans join the trace of ${whom}`, expected);
}

interface About {
  readonly facts: Facts;
  readonly fix: string;
  readonly version: Version | undefined;
}

function checkProcess(process: ApiServerProcess, { facts, fix, version }: About): Check[] {
  const file = process.flags.get('tracing-config-file') ?? '';
  const expected = 'on, by --tracing-config-file';
  const gates = checkGates(process.flags.get('feature-gates') ?? '', version);
  if (file === '') {
    const off = facts.install === 'managed' ? warning : problem;
    return [['tracing', off('off: no --tracing-config-file', expected, fix)], ...gates];
  }
  const spans = judgeArrival(arrivalOf(facts, 'apiserver', process.node), {
    quiet: quiet(process),
    fix: null,
  });
  return [
    ['tracing', ok(`on, by ${file}`, expected)],
    ...settings(process, facts, fix),
    ...gates,
    ['spans', spans],
  ];
}

function quiet({ tracing }: ApiServerProcess): boolean {
  return tracing.kind === 'hidden' || (tracing.value.samplingRatePerMillion ?? 0) === 0;
}

function settings({ tracing }: ApiServerProcess, facts: Facts, fix: string): Check[] {
  const sampling = '1000000 per million';
  if (tracing.kind === 'hidden') {
    const why = `cannot be seen: ${tracing.why}`;
    return [
      ['endpoint', unknown(why, agentEndpoint)],
      ['sampling', unknown(why, sampling)],
    ];
  }
  return [
    ['endpoint', judgeEndpoint(tracing.value.endpoint, fix)],
    ['sampling', judgeSampling(tracing.value.samplingRatePerMillion ?? 0, facts, fix)],
  ];
}

function judgeSampling(rate: number, { prober }: Facts, fix: string): Verdict {
  const expected = '1000000 per million; 0 traces what the prober itself asks for, and no more';
  const found = `${rate} per million`;
  if (rate === 1_000_000) return ok(found, expected);
  if (rate > 0) return warning(`${found}: requests are missing from most traces`, expected, fix);
  return isPrivileged(prober)
    ? warning(`${found}: requests of scheduler and kubelet are not traced`, expected, fix)
    : problem(`${found}, and the prober is no member of system:monitoring`, expected, fix);
}

/** Kubernetes 1.37 does not start with gates that it no longer knows. */
function checkGates(gates: string, version: Version | undefined): Check[] {
  const obsolete = /\b(APIServerTracing|KubeletTracing)=/.exec(gates)?.[1];
  if (obsolete === undefined || version === undefined || !atLeast(version, 1, 34)) return [];
  const found = `--feature-gates has ${obsolete}, which 1.37 refuses to start with`;
  return [['feature gates', warning(found, 'no gate of tracing', `remove ${obsolete}`)]];
}

/** Where there is no process to look at: what the API server tells of itself, and what arrives. */
function unseen(facts: Facts, fix: string): Check[] {
  const { apiServers, flagz } = facts;
  const expected = 'on, by --tracing-config-file';
  const arrival = arrivalOf(facts, 'apiserver', null);
  const spans: Check = ['spans', judgeArrival(arrival, { quiet: true, fix: null })];
  const file = flagz.kind === 'seen' ? flagz.value.get('tracing-config-file') : undefined;
  const hiddenFile = 'cannot be seen: the file of --tracing-config-file lies on its machine';
  const settingsUnseen: Check[] = [
    ['endpoint', unknown(hiddenFile, agentEndpoint)],
    ['sampling', unknown(hiddenFile, '1000000 per million')],
  ];
  if (file === '') {
    const off = facts.install === 'managed' ? warning : problem;
    return [['tracing', off('off: no --tracing-config-file, says /flagz', expected, fix)]];
  }
  if (file !== undefined) {
    return [['tracing', ok(`on, by ${file}, says /flagz`, expected)], ...settingsUnseen, spans];
  }
  if (spans[1].level === 'ok') {
    return [['tracing', ok('on: its spans arrive', expected)], ...settingsUnseen, spans];
  }
  const why = apiServers.kind === 'hidden' ? apiServers.why : whyNoPod(facts);
  return [['tracing', unknown(`cannot be seen: ${why}`, expected, ifOff(fix))], spans];
}

function whyNoPod({ install }: Facts): string {
  return install === 'managed'
    ? 'the provider runs the control plane and shows no flags of it'
    : 'no pod of the API server is in kube-system, and /flagz does not answer';
}
