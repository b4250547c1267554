import type { KubeAnswer } from './client.ts';

export const unreachableRemedy =
  'is that cluster up? --kubeconfig and --context choose another cluster';

/** What to do about a status that is none of success; undefined: what the API server said tells it. */
export function remedyForStatus(status: number): string | undefined {
  switch (status) {
    case 401:
      return 'log in to that cluster again, or choose other credentials by --kubeconfig and --context';
    case 403:
      return '`kubectl auth can-i --list` tells the rights there are, docs/rights.md those that are needed';
    default:
      return undefined;
  }
}

/** What was said, and behind it what whoever ran the command can do about it. */
export function withRemedy(said: string, answer: KubeAnswer): string {
  const remedy = remedyOf(answer);
  return remedy === undefined ? said : `${said}; ${remedy}`;
}

function remedyOf(answer: KubeAnswer): string | undefined {
  if (answer.kind === 'answer') return remedyForStatus(answer.status);
  return answer.reason === 'network' || answer.reason === 'timeout' ? unreachableRemedy : undefined;
}
