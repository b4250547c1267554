import type { Judgement } from '../controller/core/status.ts';
import type { RegistrarState } from './registrar.ts';

/**
 * What is registered is in effect by then: API servers compile new policies once a second (`PolicyRefreshInterval` of
 * k8s.io/apiserver's admission/plugin/policy/generic), after their watch has told them.
 */
export const effectMs = 3000;

/** Whether new pods get the sidecar of a NetworkProber, as its status says it. */
export function injecting(
  uid: string,
  { sinceMs, problem }: Pick<RegistrarState, 'sinceMs' | 'problem'>,
  nowMs: number,
): Judgement {
  const type = 'Injecting';
  const since = sinceMs.get(uid);
  if (since !== undefined && nowMs - since >= effectMs) {
    const message = 'new pods get a sidecar where nothing speaks against it';
    return { type, status: 'True', reason: 'Registered', message };
  }
  if (since !== undefined) {
    const message = 'API servers are taking note';
    return { type, status: 'False', reason: 'Registering', message };
  }
  if (problem !== undefined)
    return { type, status: 'False', reason: 'NotRegistered', message: problem };
  const message = 'nothing is registered yet: the image is tried before';
  return { type, status: 'False', reason: 'Waiting', message };
}
