import type { NodeFacts } from '../../core/node-facts.ts';
import type { Attributes } from './boot-span.ts';

/** The names by which Linux and the clouds call what OpenTelemetry has a word for. */
const architectures: Readonly<Record<string, string>> = {
  x86_64: 'amd64',
  aarch64: 'arm64',
};

/** The node by the semantic conventions of OpenTelemetry. */
export function nodeAttributes(facts: NodeFacts): Attributes {
  const { architecture } = facts;
  const [runtime, runtimeVersion] = (facts.containerRuntime ?? '').split('://');
  const all = {
    'host.id': facts.instanceId,
    'host.name': facts.name,
    'host.type': facts.instanceType,
    'host.image.id': facts.imageId,
    'host.arch':
      architecture === undefined ? undefined : (architectures[architecture] ?? architecture),
    'host.ip': facts.privateIp === undefined ? undefined : [facts.privateIp],
    'os.type': 'linux',
    'os.description': facts.osDescription,
    'kube_latency.kernel.release': facts.kernelVersion,
    'k8s.node.name': facts.name,
    'k8s.node.uid': facts.uid,
    'container.runtime.name': runtime === '' ? undefined : runtime,
    'container.runtime.version': runtimeVersion,
    'cloud.provider': facts.cloudProvider,
    'cloud.platform': facts.cloudProvider === 'aws' ? 'aws_ec2' : undefined,
    'cloud.account.id': facts.accountId,
    'cloud.region': facts.region,
    'cloud.availability_zone': facts.availabilityZone,
  };
  return Object.fromEntries(
    Object.entries(all).filter(
      (entry): entry is [string, string | string[]] => entry[1] !== undefined,
    ),
  );
}
