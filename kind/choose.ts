import type { LocalContext } from '../local/context.ts';
import { findProgram } from '../local/host/install.ts';
import { systemPath } from '../local/host/run.ts';
import { findEngine } from './engine.ts';

const registry = 'https://registry-1.docker.io/v2/';
const answerWithinMs = 3000;

/** Where `up` makes a cluster when it is not told: with kind where engine, kind and an image of a node are to be had. */
export async function choosePlace(context: LocalContext): Promise<'kind' | 'local'> {
  const { env, signal } = context;
  if ((await findProgram('kind', env['PATH'] ?? systemPath)) === undefined) return 'local';
  const engine = await findEngine(context).catch(() => undefined);
  signal.throwIfAborted();
  if (engine === undefined) return 'local';
  const image = env['KUBE_LATENCY_KIND_IMAGE'] ?? '';
  const named = image === '' ? 'kindest/node' : image;
  const here = await engine.ask(['images', '--quiet', named]).catch(() => '');
  return here !== '' || (await registryAnswers(signal)) ? 'kind' : 'local';
}

/** Whether images can be pulled, as far as one request tells; that it asks for a login is an answer. */
async function registryAnswers(signal: AbortSignal): Promise<boolean> {
  const limit = AbortSignal.any([signal, AbortSignal.timeout(answerWithinMs)]);
  const answer = await fetch(registry, { signal: limit }).catch(() => undefined);
  signal.throwIfAborted();
  return answer?.status === 401 || answer?.status === 200;
}
