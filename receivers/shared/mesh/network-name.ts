import * as z from 'zod';

/** The configuration key of a mesh's network: networks of one cluster are told apart by it. */
export const networkName = z
  .string()
  .regex(
    /^([a-z0-9][a-z0-9-]{0,62})?$/,
    'expected lower-case letters, digits and dashes, 63 at most',
  )
  .default('')
  .describe(
    'Name of the network that is measured, such as pods or nodes: the attribute kube_latency.rtt.network of all metrics. Default: none, and it is not told.',
  );
