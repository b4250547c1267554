import { cannotRunHere } from '../../local/errors.ts';

/** Stands in for what makes and removes the local cluster: that works from the repository's tree, as root of a machine. */
export function notInImage(): Promise<never> {
  return Promise.reject(
    cannotRunHere(
      'up, start and down are not part of the container image: run them from the repository',
    ),
  );
}
