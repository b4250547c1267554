import * as z from 'zod';

import type { NodeFacts } from '../../core/node-facts.ts';
import { parseTimeNs } from '../../../shared/rfc3339.ts';

/** What the machine's identity document says. */
export interface Identity {
  readonly facts: NodeFacts;
  /** When the machine was launched; null where it does not say. */
  readonly pendingNs: bigint | null;
}

/** https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instance-identity-documents.html */
const document = z.object({
  pendingTime: z.string().nullish(),
  region: z.string().nullish(),
  instanceType: z.string().nullish(),
  instanceId: z.string().nullish(),
  accountId: z.string().nullish(),
  architecture: z.string().nullish(),
  availabilityZone: z.string().nullish(),
  privateIp: z.string().nullish(),
  imageId: z.string().nullish(),
});

/** Reads an identity document; undefined for anything else. */
export function parseIdentity(text: string): Identity | undefined {
  const parsed = document.safeParse(jsonOf(text));
  if (!parsed.success) return undefined;
  const { pendingTime, ...told } = parsed.data;
  const facts = Object.entries({ cloudProvider: 'aws', ...told }).filter(
    ([, value]) => typeof value === 'string' && value !== '',
  );
  return { facts: Object.fromEntries(facts), pendingNs: parseTimeNs(pendingTime) };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
