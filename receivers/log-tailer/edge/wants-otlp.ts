import { exportsSignal } from '../../shared/telemetry-pipelines.ts';

/** Whether anything is to be exported. */
export function wantsOtlp(endpoint: string | undefined, env: NodeJS.ProcessEnv): boolean {
  return (['metrics', 'traces', 'logs'] as const).some((signal) =>
    exportsSignal(signal, endpoint, env),
  );
}
