import { judgeEndpoint } from '../endpoint.ts';
import type { ControlPlaneProcess, Facts } from '../facts.ts';
import { ok, problem, unknown, warning, type Finding, type Verdict } from '../finding.ts';
import { etcdFix, ifOff } from '../fixes.ts';
import { atLeast, parseVersion } from '../version.ts';
import { arrivalOf, judgeArrival } from './arrivals.ts';

type Check = readonly [check: string, verdict: Verdict];

/** Whether etcd traces what the API server's sampled requests cause. */
export function checkEtcd(facts: Facts): Finding[] {
  const processes = facts.etcds.kind === 'seen' ? facts.etcds.value : [];
  if (processes.length === 0) return unseen(facts).map(finding(null));
  return processes.flatMap((process) => checkProcess(process, facts).map(finding(process.node)));
}

function finding(node: string | null): (check: Check) => Finding {
  return ([check, verdict]) => ({ component: 'etcd', node, check, ...verdict });
}

function checkProcess(process: ControlPlaneProcess, facts: Facts): Check[] {
  const version = process.version === null ? undefined : parseVersion(process.version);
  const fix = etcdFix(facts.install, version);
  const stable = tracingFlags(process.flags, '');
  const experimental = tracingFlags(process.flags, 'experimental-');
  const expected = 'on, by --enable-distributed-tracing';
  const { enabled, address, rate } = stable.enabled ? stable : experimental;
  if (!enabled) {
    const file = process.flags.get('config-file');
    const tracing =
      file === undefined
        ? problem('off: no --enable-distributed-tracing', expected, fix)
        : unknown(`cannot be seen: its settings are in ${file}`, expected, ifOff(fix));
    return [
      ['version', judgeVersion(process.version, false)],
      ['tracing', tracing],
    ];
  }
  const spans = judgeArrival(arrivalOf(facts, 'etcd', process.node), { quiet: true, fix: null });
  return [
    ['version', judgeVersion(process.version, !stable.enabled)],
    ['tracing', ok('on', expected)],
    ['endpoint', judgeEndpoint(address, fix)],
    ['sampling', ok(samplingText(rate), 'any; 0 is enough')],
    ['spans', spans],
  ];
}

function samplingText(rate: string | null): string {
  const told = `${rate ?? '0'} per million`;
  return Number(rate ?? 0) === 0 ? `${told}: what a sampled request causes, and no more` : told;
}

interface TracingFlags {
  readonly enabled: boolean;
  readonly address: string | null;
  readonly rate: string | null;
}

function tracingFlags(flags: ReadonlyMap<string, string>, prefix: string): TracingFlags {
  const value = flags.get(`${prefix}enable-distributed-tracing`);
  return {
    enabled: value !== undefined && value !== 'false',
    address: flags.get(`${prefix}distributed-tracing-address`) ?? null,
    rate: flags.get(`${prefix}distributed-tracing-sampling-rate`) ?? null,
  };
}

function judgeVersion(told: string | null, experimental: boolean): Verdict {
  const expected = 'etcd 3.6 or later';
  const version = told === null ? undefined : parseVersion(told);
  if (told === null || version === undefined) {
    return unknown(`its version cannot be seen (${told ?? 'not told'})`, expected);
  }
  if (!atLeast(version, 3, 5)) return problem(`${told}: cannot trace`, expected, 'upgrade etcd');
  if (!atLeast(version, 3, 5, 11)) {
    return warning(`${told}: has no flag for sampling`, expected, 'upgrade etcd');
  }
  if (experimental && atLeast(version, 3, 6)) {
    const found = `${told}, with flags --experimental-..., which 3.7 refuses to start with`;
    return warning(found, expected, 'write the flags without experimental-');
  }
  if (!atLeast(version, 3, 6)) return warning(`${told}: not tested`, expected, 'upgrade etcd');
  return ok(
    atLeast(version, 3, 7) ? told : `${told}: one span a call, what is inside it only from 3.7 on`,
    expected,
  );
}

function unseen(facts: Facts): Check[] {
  const expected = 'on, by --enable-distributed-tracing';
  const arrival = arrivalOf(facts, 'etcd', null);
  const spans: Check = ['spans', judgeArrival(arrival, { quiet: true, fix: null })];
  if (spans[1].level === 'ok') return [['tracing', ok('on: its spans arrive', expected)], spans];
  const fix = etcdFix(facts.install, undefined);
  const { etcds } = facts;
  const why = etcds.kind === 'hidden' ? etcds.why : whyNoPod(facts);
  return [['tracing', unknown(`cannot be seen: ${why}`, expected, ifOff(fix))], spans];
}

function whyNoPod({ install, apiServers, flagz }: Facts): string {
  if (install === 'managed') return 'the provider runs it';
  const server = apiServers.kind === 'seen' ? apiServers.value[0]?.flags : undefined;
  const told = flagz.kind === 'seen' ? flagz.value : undefined;
  const where = (server ?? told)?.get('etcd-servers');
  return where === undefined
    ? 'no pod of etcd is in kube-system'
    : `no pod of etcd is in kube-system, it runs elsewhere: ${where}`;
}
