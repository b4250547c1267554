import type { Finding } from './cause.ts';
import type { Evidence } from './evidence.ts';
import { runtimeCallOf, textOf } from './span-role.ts';
import type { StartUp } from './start-up.ts';
import { withDescendants, type Work } from './work.ts';

type Part = Pick<Finding, 'cause' | 'what' | 'subject' | 'evidence'>;

interface Known {
  readonly startUp: Pick<StartUp, 'containers'>;
  readonly evidence: Pick<Evidence, 'initContainers'>;
}

interface Call {
  readonly call: string;
  readonly work: Work;
}

/** What a work within a call of the container runtime was spent on. */
export function runtimeFinding(work: Work, call: Call, known: Known): Part {
  switch (call.call) {
    case 'RunPodSandbox':
      return sandboxFinding(work, call.work);
    case 'PullImage': {
      const image = imageOf(call.work);
      const what = image === '' ? 'pulls an image' : `pulls image ${image}`;
      return { cause: 'image', what, subject: image, evidence: errorsOf(call.work) };
    }
    case 'CreateContainer':
    case 'StartContainer':
      return containerFinding(call, known);
    case 'ImageStatus':
      return { cause: 'image', what: 'looks for the image', subject: '', evidence: [] };
    default: {
      const what = `answers the kubelet (${call.call})`;
      return { cause: 'container-start', what, subject: '', evidence: [] };
    }
  }
}

function sandboxFinding(work: Work, call: Work): Part {
  const network = pluginAround(work, call);
  if (network !== undefined) {
    const named = network === '' ? '' : ` ${network}`;
    const what = `network plugin${named} (CNI) sets up the pod's network`;
    return { cause: 'network-plugin', what, subject: network, evidence: errorsOf(call) };
  }
  const told = [...withDescendants([call])].some(({ span }) => isPlugin(span.name));
  const what = told ? 'makes the sandbox' : 'makes the sandbox and its network';
  const evidence = told
    ? []
    : ["the runtime's spans do not tell the network plugin's part of the time"];
  return { cause: 'sandbox', what, subject: '', evidence: [...evidence, ...errorsOf(call)] };
}

const isPlugin = (name: string): boolean => name.startsWith('cni.');

/** The network whose plugins the work waits for; empty: one that is not named; undefined: not the network. */
function pluginAround(work: Work, call: Work): string | undefined {
  let network: string | undefined;
  for (let at: Work | undefined = work; at !== undefined && at !== call; at = at.parent) {
    if (isPlugin(at.span.name)) network = textOf(at.span, 'cni.name') || network || '';
  }
  return network === '' ? longestNetwork(call) : network;
}

/** Of the networks that a sandbox is put into, the one that took longest: loopback is one of them. */
function longestNetwork(call: Work): string {
  const [longest] = [...withDescendants([call])]
    .filter(({ span }) => textOf(span, 'cni.name') !== '')
    .toSorted((a, b) => Number(b.toNs - b.fromNs - (a.toNs - a.fromNs)));
  return longest === undefined ? '' : textOf(longest.span, 'cni.name');
}

function containerFinding({ call, work }: Call, { startUp, evidence }: Known): Part {
  const container = containerOf(work, startUp.containers);
  const init = evidence.initContainers.has(container);
  const verb = call === 'CreateContainer' ? 'creates' : 'starts';
  const what = `${verb} ${init ? 'init ' : ''}container${container === '' ? '' : ` ${container}`}`;
  const cause = init ? 'init-container' : 'container-start';
  return { cause, what, subject: container, evidence: errorsOf(work) };
}

/** The name of the container that a call is about; empty where the runtime does not tell. */
export function containerOf(call: Work, containers: ReadonlyMap<string, string>): string {
  for (const { span } of withDescendants([call])) {
    const name = containers.get(textOf(span, 'container.id'));
    if (name !== undefined) return name;
  }
  return '';
}

/** The image that a call pulls; empty where the runtime does not tell. */
export function imageOf(call: Work): string {
  for (const { span } of withDescendants([call])) {
    const image = textOf(span, 'image.ref') || textOf(span, 'container.image.ref');
    if (image !== '') return image;
  }
  return '';
}

/** Messages of the failures in a call, the innermost last and each once. */
export function errorsOf(call: Work): string[] {
  const messages = [...withDescendants([call])]
    .filter(({ span }) => span.status.code === 'error' && span.status.message !== '')
    .map(({ span }) => span.status.message.slice(0, 300));
  return [...new Set(messages)].slice(0, 3);
}

export function hasFailed(call: Work): boolean {
  return [...withDescendants([call])].some(
    ({ span }) => runtimeCallOf(span) !== undefined && span.status.code === 'error',
  );
}

/** A failed sandbox whose network plugin failed. */
export function pluginFailed(call: Work): boolean {
  return [...withDescendants([call])].some(
    ({ span }) => isPlugin(span.name) && span.status.code === 'error',
  );
}
