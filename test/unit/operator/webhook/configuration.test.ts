import assert from 'node:assert/strict';
import { podWebhook } from '../../../../operator/webhook/configuration.ts';
import { injectingProber, ownNamespace } from '../../../support/operator/probers.ts';

const client = { service: { namespace: ownNamespace, name: 'webhook' } };

function webhook(probers = [injectingProber()]) {
  return podWebhook({ probers, ownNamespace, client, caBundle: 'PEM' }) as Record<
    string,
    unknown
  > & {
    readonly matchConditions: readonly { readonly name: string }[];
  };
}

describe('podWebhook()', () => {
  it('can hold up no pod for longer than 2 s, and refuse none', () => {
    const { name, failurePolicy, timeoutSeconds, sideEffects, clientConfig } = webhook();

    assert.deepEqual(
      { name, failurePolicy, timeoutSeconds, sideEffects, clientConfig },
      {
        name: 'mpod.bigmikes.io',
        failurePolicy: 'Ignore',
        timeoutSeconds: 2,
        sideEffects: 'None',
        clientConfig: {
          service: { ...client.service, path: '/mutate-v1-pod', port: 443 },
          caBundle: Buffer.from('PEM').toString('base64'),
        },
      },
    );
  });

  it('is asked about namespaces that opted in alone, never about the system’s or the operator’s', () => {
    assert.deepEqual(webhook()['namespaceSelector'], {
      matchExpressions: [
        { key: 'probes.bigmikes.io/injection', operator: 'In', values: ['enabled'] },
        {
          key: 'kubernetes.io/metadata.name',
          operator: 'NotIn',
          values: ['kube-system', ownNamespace],
        },
      ],
    });
  });

  it('sorts pods out itself where the selectors are too many for an expression', () => {
    const many = Array.from({ length: 1000 }, (_, index) =>
      injectingProber({
        name: `p-${index}`,
        spec: { podSelector: { matchLabels: { app: `app-${index}` } } },
      }),
    );
    const names = (probers: ReturnType<typeof injectingProber>[]) =>
      webhook(probers).matchConditions.map(({ name }) => name);

    assert.ok(names(many.slice(0, 100)).includes('not-no-prober'));
    assert.ok(!names(many).includes('not-no-prober'));
  });
});
