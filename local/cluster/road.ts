import {
  createAuthority,
  type CertificateRequest,
  type Pair,
} from '../../receivers/shared/certificates.ts';

/** Every key pair that collectors, receivers and backends of one cluster know each other by. */
export type RoadMember = 'gateway' | 'receiver' | 'agent' | 'backend';

/** An authority, and what it signed. */
export interface Road {
  /** PEM of the authority's certificate. */
  readonly ca: string;
  readonly pairs: Readonly<Partial<Record<RoadMember, Pair>>>;
}

export const roadRequests: Readonly<Record<RoadMember, CertificateRequest>> = {
  gateway: { commonName: 'gateway', usages: ['server'], names: namesOf('gateway') },
  receiver: { commonName: 'receiver', usages: ['client'] },
  agent: { commonName: 'agent', usages: ['client'] },
  // One pair for all of them: they trust nobody by it, they are only known by it.
  backend: {
    commonName: 'backend',
    usages: ['server'],
    names: ['jaeger', 'prometheus', 'tempo', 'loki'].flatMap(namesOf),
  },
};

/** Makes an authority of a cluster's own and everything that it signs; its key is kept nowhere. */
export async function issueRoad(): Promise<Road> {
  const authority = await createAuthority('kube-latency-road');
  const pairs = await Promise.all(
    Object.entries(roadRequests).map(
      async ([member, request]) => [member, await authority.issue(request)] as const,
    ),
  );
  return { ca: authority.pair.cert, pairs: Object.fromEntries(pairs) };
}

function namesOf(service: string): NonNullable<CertificateRequest['names']> {
  return [service, `${service}.kube-latency.svc`, `${service}.kube-latency.svc.cluster.local`]
    .concat('localhost')
    .map((value) => ({ type: 'dns', value }));
}
