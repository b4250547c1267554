import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { startApiServer, type ApiServer, type ApiServerOptions } from './api-server.ts';

/** An API server that knows NetworkProbers, with the operator's accounts and rights, and nobody who runs it. */
export async function startPlayedCluster(options: ApiServerOptions = {}): Promise<ApiServer> {
  const api = await startApiServer(options);
  try {
    await api.kubectl(['apply', '--server-side', '--kustomize=manifests/base/namespace']);
    await defineProbers(api);
    await api.kubectl(['apply', '--server-side', '--kustomize=manifests/operator']);
    // Nobody would ever run its pods.
    await api.kubectl(['delete', 'deployment/operator', '--namespace=kube-latency']);
    return api;
  } catch (caught) {
    await api.stop();
    throw caught;
  }
}

/** Has the API server know NetworkProbers as they are defined now. */
export async function defineProbers(api: ApiServer): Promise<void> {
  await api.kubectl(['apply', '--server-side', '--force-conflicts', '--kustomize=manifests/crd']);
  await api.kubectl(['wait', '--for=condition=Established', '--all', 'customresourcedefinitions']);
}

interface Definition {
  readonly spec: { readonly versions: { schema: { openAPIV3Schema: Schema } }[] };
}

interface Schema {
  properties?: Record<string, Schema>;
  required?: string[];
}

const path = new URL(
  '../../manifests/crd/custom-resource-definition-networkprobers.probes.bigmikes.io.yaml',
  import.meta.url,
);

/** The definition with the fields of the network prober operator alone, no rules, and a webhook for conversion that nobody serves. */
export function classicDefinition(): object {
  const definition = parse(readFileSync(path, 'utf8')) as Definition & { metadata: object };
  const [version] = definition.spec.versions;
  const text = { type: 'string' };
  const schema = {
    type: 'object',
    properties: {
      apiVersion: text,
      kind: text,
      metadata: { type: 'object' },
      spec: {
        type: 'object',
        required: ['podSelector', 'httpPort', 'pollingPeriod', 'httpPrometheusPort', 'agentImage'],
        properties: {
          podSelector: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
          httpPort: text,
          pollingPeriod: text,
          httpPrometheusPort: text,
          agentImage: text,
        },
      },
      status: {
        type: 'object',
        required: ['pods'],
        properties: { pods: { type: 'array', items: text } },
      },
    },
  };
  const clientConfig = { service: { namespace: 'default', name: 'nobody', path: '/convert' } };
  return {
    ...definition,
    spec: {
      ...definition.spec,
      conversion: {
        strategy: 'Webhook',
        webhook: { clientConfig, conversionReviewVersions: ['v1'] },
      },
      versions: [{ ...version, additionalPrinterColumns: [], schema: { openAPIV3Schema: schema } }],
    },
  };
}
