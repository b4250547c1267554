import { createSemaphore } from '../../../receivers/shared/semaphore.ts';
import { backendAt } from '../../trace/backend.ts';
import type { NewestSpan, SenderSource } from '../../trace/source.ts';
import { hidden, seen, senderKey, type Arrivals, type Seen, type Sender } from '../facts.ts';

const secondNs = 1_000_000_000n;
/** Most senders have sent within the first; only for the others is more read. */
const windowsSeconds = [120, 1800] as const;
const longestSeconds = windowsSeconds[1];
/** Questions to the backend under way at once. */
const atOnce = 4;
const noTime = 'there was no time left to ask';

/** Asks the backend for the newest span of each sender. Rejects only with the signal's reason. */
export async function readArrivals(
  pages: URL,
  senders: readonly Sender[],
  signal: AbortSignal,
): Promise<Seen<Arrivals>> {
  const places = createSemaphore(atOnce);
  const backend = await backendAt(pages, signal).catch(() => undefined);
  if (backend === undefined) return hidden(noTime);
  let unreachable: string | undefined;
  const askFor = async (sender: Sender): Promise<Seen<number | null>> => {
    if ((await places.acquire(signal)) === 'ended') return hidden(noTime);
    try {
      if (unreachable !== undefined) return hidden(unreachable);
      const age = await ageOf(backend, sender, signal);
      if (age.kind === 'hidden') unreachable = age.why;
      return age;
    } finally {
      places.release();
    }
  };
  const ages = await Promise.all(
    senders.map(async (sender) => [senderKey(sender), await askFor(sender)] as const),
  );
  const answered = ages.some(([, age]) => age.kind === 'seen');
  return !answered && unreachable !== undefined
    ? hidden(`no backend at ${pages.href}: ${unreachable}`)
    : seen({ address: pages.href, withinSeconds: longestSeconds, ages: new Map(ages) });
}

/** Seconds since the newest span; null where none came. */
async function ageOf(
  backend: SenderSource,
  sender: Sender,
  signal: AbortSignal,
): Promise<Seen<number | null>> {
  const nowNs = BigInt(Date.now()) * 1_000_000n;
  for (const seconds of windowsSeconds) {
    const between = { fromNs: nowNs - BigInt(seconds) * secondNs, toNs: nowNs + 60n * secondNs };
    const newest = await answerWithin(() => backend.newestSpan({ ...sender, ...between }, signal));
    if (newest.kind === 'failed') return hidden(newest.problem);
    if (newest.startNs !== null) {
      return seen(Math.max(0, Number(nowNs - newest.startNs) / 1e9));
    }
  }
  return seen(null);
}

/** Time that is up is one more reason not to know. */
async function answerWithin(asked: () => Promise<NewestSpan>): Promise<NewestSpan> {
  try {
    return await asked();
  } catch {
    return { kind: 'failed', problem: noTime };
  }
}
