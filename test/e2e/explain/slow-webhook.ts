import { once } from 'node:events';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { createAuthority } from '../../../receivers/shared/certificates.ts';
import { kubectl } from '../../support/cluster.ts';
import { create } from './watched-pods.ts';

export interface SlowWebhook {
  /** Name that the API server knows it by. */
  readonly name: string;
  readonly remove: () => Promise<void>;
}

/** A mutating webhook for the creation of pods with a label, which allows each after a while and changes nothing. */
export async function slowWebhook(
  id: string,
  {
    label,
    seconds,
  }: { readonly label: Readonly<Record<string, string>>; readonly seconds: number },
): Promise<SlowWebhook> {
  const authority = await createAuthority('explain-e2e');
  const names = [{ type: 'ip', value: '127.0.0.1' }] as const;
  const pair = await authority.issue({ commonName: id, usages: ['server'], names });
  const server = createServer({ cert: pair.cert, key: pair.key }, (request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      const { request: review } = JSON.parse(body) as { request: { uid: string } };
      const answer = {
        apiVersion: 'admission.k8s.io/v1',
        kind: 'AdmissionReview',
        response: { uid: review.uid, allowed: true },
      };
      setTimeout(() => {
        response.setHeader('content-type', 'application/json').end(JSON.stringify(answer));
      }, seconds * 1000);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const name = `${id}.explain-e2e.kube-latency.dev`;
  const configuration = {
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind: 'MutatingWebhookConfiguration',
    metadata: { name: id },
    webhooks: [
      {
        name,
        clientConfig: {
          url: `https://127.0.0.1:${(server.address() as AddressInfo).port}/`,
          caBundle: Buffer.from(authority.pair.cert).toString('base64'),
        },
        rules: [
          { apiGroups: [''], apiVersions: ['v1'], resources: ['pods'], operations: ['CREATE'] },
        ],
        objectSelector: { matchLabels: label },
        // A run that was cut off must leave a cluster that works.
        failurePolicy: 'Ignore',
        timeoutSeconds: Math.ceil(seconds) + 5,
        sideEffects: 'None',
        admissionReviewVersions: ['v1'],
      },
    ],
  };
  const remove = async (): Promise<void> => {
    await kubectl(['delete', 'mutatingwebhookconfiguration', id, '--ignore-not-found']);
    server.closeAllConnections();
    server.close();
  };
  await kubectl(['delete', 'mutatingwebhookconfiguration', id, '--ignore-not-found']);
  await create(configuration);
  return { name, remove };
}
