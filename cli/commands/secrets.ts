import type { Command } from 'commander';
import type { AskApi } from '../../local/cluster/api-client.ts';
import { StartupError } from '../../receivers/shared/errors.ts';
import type { KubeClient } from '../../receivers/shared/kubernetes/client.ts';
import { withRemedy } from '../../receivers/shared/kubernetes/remedy.ts';
import { connectionTo, readLocalCluster } from '../cluster.ts';
import type { CommandContext, ExitCode, Select } from '../command.ts';

interface SecretsOptions {
  readonly kubeconfig?: string;
  readonly context?: string;
  readonly renew?: boolean;
}

const answerWithinMs = 15_000;
const verbs = { GET: 'get', POST: 'create', PATCH: 'patch', DELETE: 'delete' } as const;

const help = `
For clusters without cert-manager, once the manifests are applied: pods wait for
their Secrets. The certificates last a year, their authority's key is kept
nowhere. The prober's certificate is requested from the cluster and approved,
which takes an administrator. Restart nothing for it: collectors read renewed
certificates within five minutes.

Examples:
  kubectl apply -k manifests/overlays/kind && kube-latency secrets
  kube-latency secrets --renew --context production`;

export function defineSecrets(program: Command, select: Select): void {
  program
    .command('secrets')
    .description('make the Secrets of the pipeline that a cluster does not have')
    .option('--kubeconfig <file>', 'default: KUBECONFIG, ~/.kube/config')
    .option('--context <name>', 'context of the kubeconfig (default: its current one)')
    .option('--renew', 'make all of them anew')
    .addHelpText('after', help)
    .action((options: SecretsOptions) => select((context) => secrets(context, options)));
}

async function secrets(context: CommandContext, options: SecretsOptions): Promise<ExitCode> {
  const { signal, env } = context;
  const state = await readLocalCluster(env);
  const connection = await connectionTo(options, state, env);
  const [{ createKubeClient }, { createWallClock, processClocks }, { makeSecrets, readAuthority }] =
    await Promise.all([
      import('../../receivers/shared/kubernetes/client.ts'),
      import('../../receivers/shared/wall-clock.ts'),
      import('../../local/cluster/secrets.ts'),
    ]);
  const client = createKubeClient(
    connection,
    createWallClock(processClocks),
    'kube-latency-secrets',
  );
  const ask = askBy(client, signal);
  try {
    const ca = await readAuthority(ask);
    const cluster = { ask, ca, server: connection.server.href, signal };
    const { made } = await makeSecrets(cluster, options.renew === true);
    context.print(made.length === 0 ? 'all Secrets are there' : `made: ${made.join(', ')}`);
    return 0;
  } finally {
    client.close();
  }
}

function askBy(client: KubeClient, signal: AbortSignal): AskApi {
  return async ({ method, path, body, contentType }) => {
    const [pathname = '', query = ''] = path.split('?');
    const answer = await client.request(
      {
        verb: verbs[method],
        path: pathname,
        query: Object.fromEntries(new URLSearchParams(query)),
        ...(body === undefined ? {} : { body: Object(body) }),
        ...(contentType === undefined ? {} : { contentType }),
      },
      { timeoutMs: answerWithinMs, signal },
    );
    if (answer.kind === 'failed') {
      throw new StartupError(
        withRemedy(
          `asking ${client.server.origin} to ${verbs[method]} ${path}: ${answer.message}`,
          answer,
        ),
      );
    }
    return answer;
  };
}
