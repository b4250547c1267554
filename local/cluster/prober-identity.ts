import { z } from 'zod';
import { expectOk, type AskApi } from './api-client.ts';
import { createSigningRequest } from '../../receivers/shared/certificates.ts';
import { renderKubeconfig } from './kubeconfig.ts';
import { waitUntil } from './wait-until.ts';

export const proberNamespace = 'kube-latency';
const proberName = 'kube-latency-prober';
/** Members may hand the API server a trace context that it continues instead of merely linking to it. */
const monitoringGroup = 'system:monitoring';
const notFound = 404;
const requests = '/apis/certificates.k8s.io/v1/certificatesigningrequests';

const issuedSchema = z.looseObject({
  status: z.looseObject({ certificate: z.string().optional() }).optional(),
});

/** The API server, as pods reach it. */
const serverForPods = 'https://kubernetes.default.svc';

/** Has the cluster issue the prober's certificate, and resolves with kubeconfigs that hold it: for this host, and for pods. */
export async function issueProberKubeconfigs(
  ask: AskApi,
  { ca, server }: { readonly ca: string; readonly server: string },
  signal: AbortSignal,
): Promise<{ readonly here: string; readonly inCluster: string }> {
  const { request, key } = await createSigningRequest(proberName, monitoringGroup);
  const path = `${requests}/${proberName}`;
  // One that an interrupted run left.
  await expectOk(ask, { method: 'DELETE', path }, [notFound]);
  await expectOk(ask, { method: 'POST', path: requests, body: signingRequest(request) });
  await expectOk(ask, {
    method: 'PATCH',
    path: `${path}/approval`,
    body: approval,
    contentType: 'application/merge-patch+json',
  });
  const cert = await issuedCertificate(ask, path, signal);
  await expectOk(ask, { method: 'DELETE', path });
  const kubeconfig = (address: string): string =>
    renderKubeconfig({
      server: address,
      user: proberName,
      namespace: proberNamespace,
      ca,
      cert,
      key,
    });
  return { here: kubeconfig(server), inCluster: kubeconfig(serverForPods) };
}

function signingRequest(pem: string): unknown {
  return {
    apiVersion: 'certificates.k8s.io/v1',
    kind: 'CertificateSigningRequest',
    metadata: { name: proberName },
    spec: {
      request: Buffer.from(pem).toString('base64'),
      signerName: 'kubernetes.io/kube-apiserver-client',
      usages: ['digital signature', 'client auth'],
    },
  };
}

const approval = {
  status: {
    conditions: [
      {
        type: 'Approved',
        status: 'True',
        reason: 'KubeLatencyProber',
        message: 'requested by kube-latency for its prober',
      },
    ],
  },
};

async function issuedCertificate(ask: AskApi, path: string, signal: AbortSignal): Promise<string> {
  let certificate: string | undefined;
  const issued = async (): Promise<boolean> => {
    const { status } = issuedSchema.parse(await expectOk(ask, { method: 'GET', path }));
    certificate = status?.certificate;
    return certificate !== undefined;
  };
  await waitUntil('certificate of the prober issued', issued, signal);
  return Buffer.from(certificate ?? '', 'base64').toString('utf8');
}
