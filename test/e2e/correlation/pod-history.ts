import { createInterface } from 'node:readline';
import { spawn } from 'node:child_process';
import { program } from '../../support/cluster.ts';

/** Which pods there were, under which names, from when to when. */
export interface PodHistory {
  /** The pod of that name (`namespace/name`) at a time in milliseconds since the Unix epoch; undefined: there was none. */
  podAt(name: string, atMs: number): { readonly uid: string } | 'unclear' | undefined;
  /** All pods of namespaces that fit. */
  uidsIn(namespace: RegExp): string[];
  /** All pods whose `namespace/name` fits. */
  uidsNamed(name: RegExp): string[];
  stop(): Promise<void>;
}

interface Life {
  readonly uid: string;
  readonly name: string;
  /** Its creation, cut to a second: how late we hear of it depends on how busy the machine is. */
  readonly fromMs: number;
  /** When we heard that it was gone. */
  untilMs: number;
}

/** A change is told some milliseconds after it is made, and begins some milliseconds before. */
const slackMs = 400;

const columns =
  '{.type}|{.object.metadata.namespace}/{.object.metadata.name}|{.object.metadata.uid}|{.object.metadata.creationTimestamp}{"\\n"}';

/** Follows all pods of the cluster with kubectl until it is stopped. */
export function recordPods(kubeconfig: string): PodHistory {
  const lives = new Map<string, Life>();
  const child = spawn(
    program('kubectl'),
    ['get', 'pods', '-A', '--watch', '--output-watch-events', `--output=jsonpath=${columns}`],
    { env: { ...process.env, KUBECONFIG: kubeconfig }, stdio: ['ignore', 'pipe', 'inherit'] },
  );
  createInterface({ input: child.stdout }).on('line', (line) => {
    const [type, name = '', uid = '', created = ''] = line.split('|');
    const life = lives.get(uid) ?? { uid, name, fromMs: Date.parse(created), untilMs: Infinity };
    lives.set(uid, life);
    if (type === 'DELETED') life.untilMs = Date.now();
  });
  const closed = new Promise<void>((resolve) => child.once('close', () => resolve()));

  function podAt(name: string, atMs: number): { readonly uid: string } | 'unclear' | undefined {
    const named = [...lives.values()].filter((life) => life.name === name);
    if (named.length < 2) return named[0];
    const [life, other] = named.filter(
      ({ fromMs, untilMs }) => atMs > fromMs - slackMs && atMs < untilMs + slackMs,
    );
    return life === undefined || other !== undefined ? 'unclear' : life;
  }

  return {
    podAt,
    uidsIn: (namespace) =>
      [...lives.values()]
        .filter(({ name }) => namespace.test(name.split('/')[0] ?? ''))
        .map(({ uid }) => uid),
    uidsNamed: (fitting) =>
      [...lives.values()].filter(({ name }) => fitting.test(name)).map(({ uid }) => uid),
    stop: () => {
      child.kill();
      return closed;
    },
  };
}
