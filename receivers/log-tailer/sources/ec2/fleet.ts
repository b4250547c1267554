import { parseTimeNs } from '../../../shared/rfc3339.ts';
import { textAt } from './answer.ts';
import { ec2Query, type Ec2Options } from './query.ts';

/** The machine: by its id, else by its private DNS name. */
export interface Machine {
  readonly instanceId: string | undefined;
  readonly nodeName: string | undefined;
}

export type FleetAnswer =
  | { readonly kind: 'requested'; readonly atUnixNs: bigint; readonly instanceId: string }
  /** `final`: asking again would not change it. */
  | { readonly kind: 'failed'; readonly problem: string; readonly final: boolean };

const fleetTag = 'aws:ec2:fleet-id';

/** When the fleet was created that the machine was launched for. Needs the rights to DescribeTags, DescribeFleets, DescribeInstances. */
export async function fleetRequested(machine: Machine, options: Ec2Options): Promise<FleetAnswer> {
  const found = await instanceOf(machine, options);
  if (found.kind === 'failed') return found;
  const { text: instanceId } = found;
  const fleet = await asked(
    'DescribeTags',
    {
      'Filter.1.Name': 'resource-id',
      'Filter.1.Value.1': instanceId,
      'Filter.2.Name': 'key',
      'Filter.2.Value.1': fleetTag,
    },
    {
      path: ['tagSet', 'item', 'value'],
      none: `instance ${instanceId} has no tag ${fleetTag}`,
      options,
    },
  );
  if (fleet.kind === 'failed') return fleet;
  const created = await asked(
    'DescribeFleets',
    { 'FleetId.1': fleet.text },
    {
      path: ['fleetSet', 'item', 'createTime'],
      none: `there is no fleet ${fleet.text} any more`,
      options,
    },
  );
  if (created.kind === 'failed') return created;
  const atUnixNs = parseTimeNs(created.text);
  return atUnixNs === null
    ? {
        kind: 'failed',
        problem: `fleet ${fleet.text}: expected a time, got '${created.text}'`,
        final: true,
      }
    : { kind: 'requested', atUnixNs, instanceId };
}

type Asked =
  { readonly kind: 'told'; readonly text: string } | Extract<FleetAnswer, { kind: 'failed' }>;

/** The name of a node holds its id where it is named by resource. */
async function instanceOf({ instanceId, nodeName }: Machine, options: Ec2Options): Promise<Asked> {
  const id = instanceId ?? /\bi-[0-9a-f]{8,17}\b/.exec(nodeName ?? '')?.[0];
  if (id !== undefined) return { kind: 'told', text: id };
  if (nodeName === undefined)
    return { kind: 'failed', problem: 'neither id nor name of the machine is known', final: false };
  return asked(
    'DescribeInstances',
    {
      'Filter.1.Name': 'private-dns-name',
      'Filter.1.Value.1': nodeName,
      'Filter.2.Name': 'instance-state-name',
      'Filter.2.Value.1': 'running',
    },
    {
      path: ['reservationSet', 'item', 'instancesSet', 'item', 'instanceId'],
      none: `no running instance has the private DNS name ${nodeName}`,
      options,
    },
  );
}

async function asked(
  action: string,
  parameters: Readonly<Record<string, string>>,
  wanted: {
    readonly path: readonly string[];
    /** What is wrong where it is not in the answer. */
    readonly none: string;
    readonly options: Ec2Options;
  },
): Promise<Asked> {
  const answer = await ec2Query(action, parameters, wanted.options);
  if (answer.kind === 'failed') return { ...answer, final: false };
  const text = textAt(answer.root, wanted.path);
  return text === undefined
    ? { kind: 'failed', problem: wanted.none, final: true }
    : { kind: 'told', text };
}
