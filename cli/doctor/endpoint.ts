import { ok, problem, warning, type Verdict } from './finding.ts';

/** Where the agent collector listens, on every node's loopback. */
export const agentEndpoint = '127.0.0.1:4317';

/** Judges where a component of Kubernetes or etcd sends its spans; null: nowhere told, so localhost:4317. */
export function judgeEndpoint(endpoint: string | null, fix: string | null): Verdict {
  const expected = `${agentEndpoint}, where the agent collector of the node listens`;
  const told = endpoint ?? 'localhost:4317';
  const address = told.replace(/^[a-z]+:\/\//, '');
  const host = address.replace(/:\d+$/, '').replace(/^\[(.*)\]$/, '$1');
  if (address === agentEndpoint) return ok(told, expected);
  if (host === 'localhost' || host === '::1') {
    const which = endpoint === null ? ' (the default)' : '';
    return warning(`${told}${which}, which may be ::1, where nobody listens`, expected, fix);
  }
  if (host.startsWith('127.')) {
    return warning(`${told}, another port than the agent's`, expected, fix);
  }
  if (/\.svc(\.|$)/.test(host)) {
    return problem(
      `${told}: the component asks the node's resolver, which knows no Services`,
      expected,
      fix,
    );
  }
  return warning(`${told}: spans leave the node as plaintext`, expected, fix);
}
