import type { Facts, NodeFacts } from '../facts.ts';
import { ok, problem, unknown, warning, type Finding, type Verdict } from '../finding.ts';
import { containerdFix, crioFix, ifOff } from '../fixes.ts';
import { atLeast, parseVersion, type Version } from '../version.ts';
import { arrivalOf, judgeArrival } from './arrivals.ts';

type Check = readonly [check: string, verdict: Verdict];

interface Runtime {
  readonly name: string;
  /** service.name of its spans. */
  readonly service: string;
  readonly told: string;
  readonly version: Version | undefined;
  readonly fix: string;
}

/** Whether each container runtime traces what a kubelet's sampled calls cause. */
export function checkRuntimes(facts: Facts): Finding[] {
  const expected = 'on, inside sampled spans of the kubelet';
  if (facts.nodes.kind === 'hidden') {
    const verdict = unknown(`nodes cannot be seen: ${facts.nodes.why}`, expected);
    const spans = ['containerd', 'crio']
      .map((service) => judgeArrival(arrivalOf(facts, service, null), { quiet: true, fix: null }))
      .toSorted((one, other) => Number(other.level === 'ok') - Number(one.level === 'ok'))
      .slice(0, 1);
    return [
      { component: 'container-runtime', node: null, check: 'tracing', ...verdict },
      ...spans.map((each): Finding => ({
        component: 'container-runtime',
        node: null,
        check: 'spans',
        ...each,
      })),
    ];
  }
  return facts.nodes.value.flatMap((node) =>
    checkRuntime(node, facts).map(([check, verdict]): Finding => ({
      component: 'container-runtime',
      node: node.name,
      check,
      ...verdict,
    })),
  );
}

function runtimeOf({ runtimeVersion }: NodeFacts, { install }: Facts): Runtime | undefined {
  const [name = '', told = ''] = runtimeVersion.split('://');
  const version = parseVersion(told);
  switch (name) {
    case 'containerd':
      return { name, service: name, told, version, fix: containerdFix(install, version) };
    case 'cri-o':
      return { name, service: 'crio', told, version, fix: crioFix(install) };
    default:
      return undefined;
  }
}

function checkRuntime(node: NodeFacts, facts: Facts): Check[] {
  const runtime = runtimeOf(node, facts);
  if (runtime === undefined) {
    const found = `${node.runtimeVersion}: not known to trace`;
    return [['version', warning(found, 'containerd 2 or CRI-O', 'use containerd 2 or CRI-O')]];
  }
  const version: Check = ['version', judgeVersion(runtime)];
  if (version[1].level === 'problem') return [version];
  const spans: Check = ['spans', judgeSpans(node, facts, runtime)];
  const { runtimeEnvironment } = node;
  if (runtimeEnvironment.kind === 'hidden') {
    return [
      version,
      ['tracing', tracingByArrival(spans[1], runtimeEnvironment.why, runtime)],
      spans,
    ];
  }
  return [version, ...judgeEnvironment(runtimeEnvironment.value, runtime.fix), spans];
}

function judgeVersion({ name, told, version }: Runtime): Verdict {
  const expected = 'containerd 2 or later, or CRI-O';
  const full = `${name} ${told}`;
  if (name !== 'containerd') return ok(full, expected);
  if (version === undefined) return unknown(`a version that is not understood: ${told}`, expected);
  if (/~ds|debian/.test(told) && !atLeast(version, 1, 7)) {
    const found = `${full}: Debian's build has no tracing in it`;
    return problem(found, expected, "install containerd's own release");
  }
  if (!atLeast(version, 1, 6)) return problem(`${full}: cannot trace`, expected, 'upgrade');
  if (!atLeast(version, 2, 0)) {
    const found = `${full}: its spans do not tell the pod's uid, and few of them are there`;
    return warning(found, expected, 'upgrade to containerd 2');
  }
  return ok(full, expected);
}

function tracingByArrival({ level }: Verdict, why: string, { fix }: Runtime): Verdict {
  const expected = 'on, inside sampled spans of the kubelet';
  return level === 'ok'
    ? ok('on: its spans arrive', expected)
    : unknown(`cannot be seen: ${why}`, expected, ifOff(fix));
}

/** The runtime sends spans whenever the kubelet does, so where only its own are missing it does not trace. */
function judgeSpans(node: NodeFacts, facts: Facts, { service, fix }: Runtime): Verdict {
  const kubelet = judgeArrival(arrivalOf(facts, 'kubelet', node.name), { quiet: true, fix: null });
  const own = arrivalOf(facts, service, node.name);
  const quiet = kubelet.level !== 'ok';
  const verdict = judgeArrival(own, { quiet, fix });
  return verdict.level === 'problem'
    ? { ...verdict, found: `${verdict.found}, although the kubelet's do arrive` }
    : verdict;
}

/** The variables that decide in containerd 1.7 and later. */
function judgeEnvironment(env: Readonly<Record<string, string>>, fix: string): Check[] {
  const expected = 'on, by OTEL_EXPORTER_OTLP_ENDPOINT in its environment';
  const endpoint =
    env['OTEL_EXPORTER_OTLP_TRACES_ENDPOINT'] ?? env['OTEL_EXPORTER_OTLP_ENDPOINT'] ?? '';
  if (endpoint === '' || env['OTEL_SDK_DISABLED'] === 'true') {
    const why = endpoint === '' ? 'no OTEL_EXPORTER_OTLP_ENDPOINT' : 'OTEL_SDK_DISABLED=true';
    return [['tracing', problem(`off: ${why} in its environment`, expected, fix)]];
  }
  const protocol =
    env['OTEL_EXPORTER_OTLP_TRACES_PROTOCOL'] ??
    env['OTEL_EXPORTER_OTLP_PROTOCOL'] ??
    'http/protobuf';
  return [
    ['tracing', ok('on', expected)],
    ['endpoint', judgeEndpointUrl(endpoint, protocol, fix)],
    ['sampling', judgeSampler(env['OTEL_TRACES_SAMPLER'] ?? 'parentbased_always_on', fix)],
  ];
}

function judgeEndpointUrl(endpoint: string, protocol: string, fix: string): Verdict {
  const expected = 'http://127.0.0.1:4317 by grpc';
  const found = `${endpoint} by ${protocol}`;
  if (endpoint.startsWith('https:')) {
    return problem(`${found}: the agent takes plaintext, on loopback alone`, expected, fix);
  }
  const wrongPort = protocol === 'grpc' ? ':4318' : ':4317';
  if (endpoint.includes(wrongPort)) {
    return problem(`${found}: that port speaks the other protocol`, expected, fix);
  }
  return endpoint.replace(/\/$/, '') === 'http://127.0.0.1:4317'
    ? ok(found, expected)
    : warning(found, expected, fix);
}

function judgeSampler(sampler: string, fix: string): Verdict {
  const expected = 'parentbased_always_off: inside sampled spans of the kubelet, and no others';
  if (sampler === 'parentbased_always_off') return ok(sampler, expected);
  if (sampler === 'always_off') return problem(`${sampler}: nothing is sampled`, expected, fix);
  return warning(`${sampler}: traces its own chores too`, expected, fix);
}
