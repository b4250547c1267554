import { z } from 'zod';
import {
  estimateOffsets,
  unknownOffset,
  type Offset,
  type Reading,
} from '../../../receivers/pod-prober/clock-offset.ts';
import { sleep } from '../../../receivers/shared/deadline.ts';
import type { KubeAnswer } from '../../../receivers/shared/kubernetes/client.ts';
import { hidden, seen, type ClockFacts, type Seen } from '../facts.ts';
import { difference, narrow } from '../offset.ts';
import { ask, askRaw, understand, type Asker } from './ask.ts';

const secondNs = 1_000_000_000n;
/** Clocks tell whole seconds only: readings a part of a second apart narrow them down. */
const samples = 4;
const sampleEveryMs = 270;
/** What a kubelet's renewal of its lease takes at most, unless the API server is in distress. */
const renewalNs = secondNs;

/** Reads the clocks of the API server and, where that is allowed, of the nodes' kubelets. */
export async function readClocks(
  asker: Asker,
  nodes: readonly { readonly name: string; readonly ready: boolean }[],
): Promise<ClockFacts> {
  const [apiServer, leases, ...kubelets] = await Promise.all([
    sampleClock('/version', asker),
    readLeases(asker),
    ...nodes.map(({ name, ready }) =>
      ready
        ? sampleClock(`/api/v1/nodes/${encodeURIComponent(name)}/proxy/healthz`, asker)
        : Promise.resolve(hidden('the node is not ready')),
    ),
  ]);
  const server = apiServer.kind === 'seen' ? apiServer.value : unknownOffset;
  const ofNodes = nodes.map(({ name }, index) => {
    const kubelet = kubelets[index] ?? hidden('it was not asked');
    return [name, nodeOffset({ server, kubelet, lease: leases.get(name) })] as const;
  });
  return { apiServer: server, nodes: new Map(ofNodes) };
}

/** A node's clock minus the API server's, of what its kubelet answers and what its lease tells. */
function nodeOffset(known: {
  readonly server: Offset;
  readonly kubelet: Seen<Offset>;
  readonly lease: Offset | undefined;
}): Seen<Offset> {
  const { server, kubelet, lease } = known;
  if (kubelet.kind === 'hidden') return lease === undefined ? kubelet : seen(lease);
  const measured = difference(kubelet.value, server);
  // That a renewal is quick is an assumption: it is left out where the kubelet itself has answered.
  return seen(lease === undefined ? measured : narrow(measured, { loNs: lease.loNs, hiNs: null }));
}

async function sampleClock(path: string, asker: Asker): Promise<Seen<Offset>> {
  const readings: Reading[] = [];
  for (let sample = 0; sample < samples; sample++) {
    if (sample > 0) await sleep(sampleEveryMs, asker.signal);
    const answer = await askRaw(asker, { verb: 'get', path });
    const reading = readingOf(answer);
    if (reading === undefined) {
      if (readings.length > 0) break;
      const why = understand(answer, z.unknown());
      return why.kind === 'hidden' ? why : hidden('its answer has no header Date');
    }
    readings.push(reading);
  }
  return seen(estimateOffsets(readings, () => unknownOffset).get('') ?? unknownOffset);
}

/** Answers of a proxy on the way tell its own time: only good ones come from who was asked. */
function readingOf(answer: KubeAnswer): Reading | undefined {
  if (answer.kind === 'failed' || answer.status !== 200) return undefined;
  const ms = Date.parse(answer.date ?? '');
  return Number.isNaN(ms)
    ? undefined
    : {
        clockId: '',
        clockNs: BigInt(ms) * 1_000_000n,
        resolutionNs: secondNs,
        afterNs: answer.sentNs,
        beforeNs: answer.answeredNs,
      };
}

const leasesSchema = z.object({
  items: z.array(
    z.object({
      metadata: z.object({
        name: z.string(),
        managedFields: z
          .array(z.object({ manager: z.string().optional(), time: z.string().optional() }))
          .optional(),
      }),
      spec: z.object({ renewTime: z.string().optional() }),
    }),
  ),
});

type Lease = z.infer<typeof leasesSchema>['items'][number];

/** By node: its clock minus the API server's, from the moments that both noted at the last renewal of its lease. */
async function readLeases(asker: Asker): Promise<ReadonlyMap<string, Offset>> {
  const path = '/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases';
  const leases = await ask(asker, { verb: 'list', path }, leasesSchema);
  if (leases.kind === 'hidden') return new Map();
  return new Map(
    leases.value.items.flatMap((lease) => {
      const offset = leaseOffset(lease);
      return offset === undefined ? [] : [[lease.metadata.name, offset] as const];
    }),
  );
}

/** The kubelet notes the time and asks; the API server notes its own, in whole seconds, when it is asked. */
export function leaseOffset({ metadata, spec }: Lease): Offset | undefined {
  const noted = metadata.managedFields?.find(({ manager }) => manager === 'kubelet')?.time;
  const renewedNs = microtimeNs(spec.renewTime ?? '');
  const notedMs = Date.parse(noted ?? '');
  if (renewedNs === undefined || Number.isNaN(notedMs)) return undefined;
  const notedNs = BigInt(notedMs) * 1_000_000n;
  return { loNs: renewedNs - notedNs - secondNs, hiNs: renewedNs + renewalNs - notedNs };
}

/** Reads `2026-11-21T15:59:44.982966Z`, keeping its microseconds. */
function microtimeNs(text: string): bigint | undefined {
  const match = /^(.*T[\d:]+)(?:\.(\d{1,9}))?Z$/.exec(text);
  if (match === null) return undefined;
  const [, seconds = '', fraction = ''] = match;
  const ms = Date.parse(`${seconds}Z`);
  if (Number.isNaN(ms)) return undefined;
  return BigInt(ms) * 1_000_000n + BigInt(fraction.padEnd(9, '0'));
}
