import type { Certificate, Facts, ProberFacts } from '../facts.ts';
import { ok, problem, unknown, warning, type Finding, type Verdict } from '../finding.ts';
import { groupsOf, isPrivileged } from '../privileged.ts';
import { judgeRights } from './rights.ts';

const dayMs = 24 * 3_600_000;
const renewWithinDays = 30;

/** Whether whoever runs probes is let into the API server's traces, for how long, and may do what a probe does. */
export function checkProber(facts: Facts): Finding[] {
  const { prober } = facts;
  const verdicts: (readonly [string, Verdict])[] = [
    ['identity', judgeIdentity(prober, facts)],
    ['certificate', judgeCertificate(prober, facts)],
    ['rights', judgeRights(prober.rights, { who: 'kube-latency-prober', user: prober.user })],
  ];
  return verdicts.map(([check, verdict]) => ({
    component: 'prober',
    node: null,
    check,
    ...verdict,
  }));
}

function judgeIdentity(prober: ProberFacts, facts: Facts): Verdict {
  const expected = "a member of group system:monitoring: the API server's spans join its traces";
  const { user, certificate, origin } = prober;
  const name = user.kind === 'seen' ? user.value.name : certificate?.commonName;
  if (isPrivileged(prober)) {
    const group = groupsOf(prober).find((each) => /^system:(monitoring|masters)$/.test(each));
    return ok(`${name ?? 'somebody'} of ${group}, by ${origin}`, expected);
  }
  if (name === undefined || (user.kind === 'hidden' && certificate === null)) {
    const why = user.kind === 'hidden' ? user.why : 'no name';
    return unknown(`who it is cannot be seen: ${why}`, expected, renewal(facts));
  }
  return warning(
    `${name}, by ${origin}, is in none of the groups that may: traces are joined by links`,
    expected,
    renewal(facts),
  );
}

function judgeCertificate({ certificate, origin }: ProberFacts, facts: Facts): Verdict {
  const expected = `a client certificate for ${renewWithinDays} days or more`;
  if (certificate === null) {
    const token = `${origin} shows none, but another credential`;
    // How to get one is said of the identity.
    return isPrivileged(facts.prober) ? ok(token, expected) : warning(token, expected);
  }
  const days = Math.floor((certificate.notAfterMs - facts.nowMs) / dayMs);
  const end = endText(certificate);
  if (certificate.notAfterMs <= facts.nowMs) {
    return problem(`ended ${end}`, expected, renewal(facts));
  }
  const found = `ends in ${days} ${days === 1 ? 'day' : 'days'}, ${end}`;
  return days < renewWithinDays ? warning(found, expected, renewal(facts)) : ok(found, expected);
}

function endText({ notAfterMs }: Certificate): string {
  return new Date(notAfterMs).toISOString().slice(0, 10);
}

/** How to get a certificate, the first as well as the next. */
function renewal({ install }: Facts): string {
  if (install === 'local') return 'kube-latency down && kube-latency up   # issues another one';
  const where = install === 'managed' ? 'where the provider signs client certificates:\n' : '';
  return `${where}openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes \\
  -keyout prober.key -out prober.csr -subj /O=system:monitoring/CN=kube-latency-prober
kubectl delete csr kube-latency-prober --ignore-not-found
kubectl apply -f - <<EOF
apiVersion: certificates.k8s.io/v1
kind: CertificateSigningRequest
metadata: {name: kube-latency-prober}
spec:
  signerName: kubernetes.io/kube-apiserver-client
  usages: [digital signature, client auth]
  request: $(base64 -w0 prober.csr)
EOF
kubectl certificate approve kube-latency-prober
kubectl get csr kube-latency-prober -o jsonpath={.status.certificate} | base64 -d > prober.crt`;
}
