/** Exit code of the command: 1, the cluster failed; 2, it cannot run here as it was asked to. */
export type LocalExitCode = 1 | 2;

/** What `up`, `down` and `status` reject with when they can say what is wrong. */
export class LocalClusterError extends Error {
  override readonly name = 'LocalClusterError';
  readonly exitCode: LocalExitCode;

  constructor(exitCode: LocalExitCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.exitCode = exitCode;
  }
}

export function cannotRunHere(message: string, options?: ErrorOptions): LocalClusterError {
  return new LocalClusterError(2, message, options);
}

export function clusterFailed(message: string, options?: ErrorOptions): LocalClusterError {
  return new LocalClusterError(1, message, options);
}
