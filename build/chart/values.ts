import type { Part, Tree } from './conditional.ts';
import { valueOf } from './plain-value.ts';
import type { JoinedObject } from './joined-objects.ts';
import type { Expression, Path, Settings } from './template.ts';

/** A tree of values.yaml. */
export interface Values {
  [name: string]: unknown;
}

/** Workloads whose pods have settings of their own, by kind and name; both forms of the gateway share theirs. */
const workloadKinds = new Set(['Deployment', 'DaemonSet', 'StatefulSet', 'CronJob']);

/** Settings of a pod that replace what manifests say, which is their default. */
const podSettings = ['affinity', 'nodeSelector', 'priorityClassName', 'tolerations'];

/** Those that manifests leave out. */
const absent: Values = { affinity: {}, nodeSelector: {}, tolerations: [], priorityClassName: '' };

/** Own images: what manifests call them, and their values. */
const images = new Map([
  ['localhost/kube-latency/kube-latency', 'image'],
  ['localhost/kube-latency/otelcol', 'collectorImage'],
]);

/** The chart's expressions for one object, and their defaults, which are written into `defaults`. */
export function settingsOf({ object, part }: JoinedObject, defaults: Values): Settings {
  const { kind, metadata } = object;
  const workload = workloadKinds.has(kind) ? settingsName(kind, metadata.name) : undefined;
  const podPath =
    kind === 'CronJob' ? ['spec', 'jobTemplate', 'spec', 'template'] : ['spec', 'template'];
  const pod = [...podPath, 'spec'];
  const environment = kind === 'ConfigMap' && metadata.name === 'environment';
  const scope = metadata.namespace === 'kube-latency-node' ? 'nodeEnvironment' : 'environment';

  function expressionOf(path: Path, tree: Tree): Expression | undefined {
    const last = path.at(-1) ?? '';
    const value = valueOf(tree);
    if (last === 'image' && typeof value === 'string') return imageOf(value);
    if (last === 'imagePullPolicy') return scalar('{{ .Values.image.pullPolicy }}');
    if (last === 'namespace' && typeof value === 'string') return namespaceOf(value);
    if (environment && path[0] === 'data' && path.length === 2)
      return environmentOf(last, String(value));
    if (kind === 'PersistentVolumeClaim' && last === 'storage') return storageOf(value);
    if (kind === 'StatefulSet' && last === 'storage' && typeof value === 'string')
      return storageOf(value);
    if (workload === undefined) return undefined;
    if (isAt(path, [...pod, last]) && podSettings.includes(last))
      return setting([workload, last], value ?? absent[last]);
    const inContainer = last === 'resources' && path.length === pod.length + 3;
    if (inContainer) return setting([workload, 'resources', camelCase(path.at(-2) ?? '')], value);
    return undefined;
  }

  function environmentOf(name: string, value: string): Expression {
    if (name === 'K8S_CLUSTER_NAME') return setting(['clusterName'], value, ' | quote');
    if (name === 'GATEWAY_ENDPOINT')
      return scalar(`'${value.replace('.kube-latency.', '.{{ .Release.Namespace }}.')}'`);
    return setting([scope, name], value, ' | quote');
  }

  function storageOf(value: unknown): Expression {
    return setting(['gateway', 'storage', 'size'], value, ' | quote');
  }

  function setting(path: readonly string[], value: unknown, filter = ''): Expression {
    put(defaults, path, value);
    const name = `.Values.${path.join('.')}`;
    return typeof value === 'object' && value !== null
      ? { kind: 'values', value: name }
      : scalar(`{{ ${name}${filter} }}`);
  }

  function linesAfter(path: Path, spaces: number): readonly string[] {
    if (environment && isAt(path, ['data'])) return unknownNames(part, scope);
    const claim =
      kind === 'PersistentVolumeClaim' ? ['spec'] : ['spec', 'volumeClaimTemplates', '', 'spec'];
    if (isAt(path, claim)) {
      put(defaults, ['gateway', 'storage', 'spec'], {});
      return mapOf('.Values.gateway.storage.spec', spaces);
    }
    if (workload === undefined) return [];
    if (isAt(path, pod)) return missingSettings(workload, spaces);
    const podMetadata = [...podPath, 'metadata'];
    if (isAt(path, [...podMetadata, 'annotations'])) return annotationsOf(workload, spaces);
    if (isAt(path, podMetadata) && !keysAt(part.tree, podMetadata).has('annotations'))
      return ['annotations:', ...annotationsOf(workload, spaces + 2).map((line) => `  ${line}`)];
    return isAt(path, [...podMetadata, 'labels']) ? labelsOf(workload, spaces) : [];
  }

  function missingSettings(name: string, spaces: number): readonly string[] {
    const there = keysAt(part.tree, pod);
    const missing = podSettings.filter((each) => !there.has(each));
    for (const each of missing) put(defaults, [name, each], absent[each]);
    return [
      ...missing.flatMap((each) => withValue(`.Values.${name}.${each}`, each, spaces)),
      ...withValue('.Values.imagePullSecrets', 'imagePullSecrets', spaces),
    ];
  }

  function annotationsOf(name: string, spaces: number): readonly string[] {
    put(defaults, [name, 'podAnnotations'], {});
    const configuration = `kube-latency.configuration.${scope}`;
    return [
      `checksum/configuration: {{ include "${configuration}" . | sha256sum }}`,
      ...mapOf(`.Values.${name}.podAnnotations`, spaces),
    ];
  }

  function labelsOf(name: string, spaces: number): readonly string[] {
    put(defaults, [name, 'podLabels'], {});
    return mapOf(`.Values.${name}.podLabels`, spaces);
  }

  return { expressionOf, linesAfter, text };
}

function text(_path: Path, value: string): string {
  return value
    .replaceAll('.kube-latency.svc', '.{{ .Release.Namespace }}.svc')
    .replaceAll(/\bnamespace: kube-latency(?![-\w])/g, 'namespace: {{ .Release.Namespace }}')
    .replaceAll(
      /\bnamespace: kube-latency-node(?![-\w])/g,
      'namespace: {{ .Values.nodeNamespace }}',
    );
}

function namespaceOf(value: string): Expression | undefined {
  if (value === 'kube-latency') return scalar('{{ .Release.Namespace }}');
  return value === 'kube-latency-node' ? scalar('{{ .Values.nodeNamespace }}') : undefined;
}

function imageOf(value: string): Expression | undefined {
  const name = images.get(value.replace(/:[^:/]+$/, ''));
  return name === undefined
    ? undefined
    : scalar(`{{ include "kube-latency.image" (list .Values.${name} .Chart) }}`);
}

/** Variables that only the user knows, beside those that have a place of their own. */
function unknownNames(part: Part, scope: string): readonly string[] {
  const known = [...keysAt(part.tree, ['data'])].map((each) => `"${each}"`).join(' ');
  return [
    `{{- range $name, $value := omit .Values.${scope} ${known} }}`,
    '{{ $name }}: {{ $value | quote }}',
    '{{- end }}',
  ];
}

function withValue(value: string, key: string, spaces: number): readonly string[] {
  return [
    `{{- with ${value} }}`,
    `${key}:`,
    `  {{- toYaml . | nindent ${spaces + 2} }}`,
    '{{- end }}',
  ];
}

function mapOf(value: string, spaces: number): readonly string[] {
  return [`{{- with ${value} }}`, `{{- toYaml . | nindent ${spaces} }}`, '{{- end }}'];
}

function keysAt(tree: Tree, [first, ...rest]: Path): ReadonlySet<string> {
  if (tree.kind !== 'map') return new Set();
  if (first === undefined) return new Set(tree.entries.map(([key]) => key));
  const parts = tree.entries.find(([key]) => key === first)?.[1] ?? [];
  return new Set(parts.flatMap((each) => [...keysAt(each.tree, rest)]));
}

function put(values: Values, path: readonly string[], value: unknown): void {
  const [first = '', ...rest] = path;
  if (rest.length === 0) {
    values[first] ??= value;
    return;
  }
  values[first] ??= {};
  put(values[first] as Values, rest, value);
}

function scalar(template: string): Expression {
  return { kind: 'scalar', template };
}

function isAt(path: Path, other: Path): boolean {
  return path.length === other.length && path.every((each, index) => each === other[index]);
}

/** A program that runs as a Deployment or as a CronJob needs other things in each. */
function settingsName(kind: string, name: string): string {
  return camelCase(kind === 'CronJob' ? `${name}-cron-job` : name);
}

function camelCase(name: string): string {
  return name.replaceAll(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
}
