import { z } from 'zod';

/**
 * What `kube-latency up` made, as written to `cluster.json` in the cluster's folder.
 * Whoever wants to use the cluster (probe, trace, tests, benches) reads this and nothing else.
 */
export const clusterStateSchema = z.strictObject({
  on: z.enum(['local', 'kind']),
  name: z.string().describe('Name of the cluster: k8s.cluster.name, and the prefix of its nodes'),
  server: z.url().describe('Address of the API server'),
  kubeconfig: z.string().describe('Path of the administrator kubeconfig'),
  proberKubeconfig: z
    .string()
    .describe('Path of the kubeconfig whose certificate is in group system:monitoring'),
  proberNamespace: z.string().describe('Namespace in which that certificate may run probes'),
  probeImage: z.string().describe('Image that every node already has'),
  collectorEndpoint: z
    .url()
    .optional()
    .describe(
      "OTLP/gRPC endpoint of the control plane node's agent; missing: none is reached from here",
    ),
  viewerUrl: z.url().describe('Address of the pages of the backend for traces'),
  pages: z
    .array(z.strictObject({ name: z.string(), url: z.url() }))
    .optional()
    .describe('All pages that there are, for people'),
  spansFile: z
    .string()
    .describe(
      "Path of the gateway's file exporter, on kind in the control plane's node: one OTLP JSON request a line, rotated",
    ),
  nodes: z.array(
    z.strictObject({
      name: z.string(),
      role: z.enum(['control-plane', 'worker']),
      address: z.ipv4(),
      netns: z.string().nullable().describe('Path of its network namespace; null: the host'),
    }),
  ),
});

export type ClusterState = z.infer<typeof clusterStateSchema>;
