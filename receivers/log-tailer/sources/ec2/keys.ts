import type { AwsKeys } from './query.ts';

/** Keys as every program of AWS finds them: the environment, a web identity, files, the container, the machine. */
export async function usualKeys(region: string): Promise<() => Promise<AwsKeys>> {
  const { defaultProvider } = await import('@aws-sdk/credential-provider-node');
  return defaultProvider({ clientConfig: { region } });
}
