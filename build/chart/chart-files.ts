import { readFile } from 'node:fs/promises';
import { stringify } from 'yaml';
import { features, type Feature } from './components.ts';
import type { JoinedObject } from './joined-objects.ts';
import { schemaOf } from './schema.ts';
import { templateOf } from './template.ts';
import { settingsOf, type Values } from './values.ts';

/** Files of the chart by their paths in it. */
export type ChartFiles = ReadonlyMap<string, string>;

const generated = '# Written by `npm run chart` from manifests/; change those.\n';
const generatedTemplate =
  '{{- /* Written by `npm run chart` from manifests/; change those. */ -}}\n';

/** The whole chart; `written` are the files in `build/chart/files`, by path. */
export function chartFiles(
  joined: readonly JoinedObject[],
  version: string,
  written: ChartFiles,
): ChartFiles {
  const values: Values = { ...ownValues };
  for (const each of features) putSwitch(values, each);
  const templates = joined
    // Helm makes the release's namespace itself.
    .filter(({ key }) => key !== 'Namespace kube-latency')
    .map(
      (each) =>
        [
          `templates/${fileName(each)}`,
          `${generatedTemplate}${templateOf(each.part, settingsOf(each, values))}`,
        ] as const,
    );
  return new Map([
    ...written,
    ['Chart.yaml', `${generated}${stringify(chartOf(version))}`],
    ['values.yaml', `${generated}${valuesText(values)}`],
    ['values.schema.json', `${JSON.stringify(schemaOf(values), null, 2)}\n`],
    ...templates,
    ['templates/_configuration.tpl', configurationText(joined)],
  ]);
}

const ownValues: Values = {
  image: {
    repository: 'localhost/kube-latency/kube-latency',
    tag: '',
    digest: '',
    pullPolicy: 'IfNotPresent',
  },
  collectorImage: {
    repository: 'otel/opentelemetry-collector-contrib',
    tag: '0.159.0',
    digest: '',
  },
  imagePullSecrets: [],
  nodeNamespace: 'kube-latency-node',
  clusterName: 'kubernetes',
  environment: {},
  nodeEnvironment: {},
  certificates: { generate: true, days: 3650 },
};

/** What each value is, for whoever reads values.yaml. */
const about: Readonly<Record<string, string>> = {
  image:
    'Image of all receivers. An empty tag is the version of the chart; a digest goes before a tag.',
  collectorImage: 'Image of the collector: the upstream distribution, or one of the same parts.',
  imagePullSecrets: 'Names of Secrets with which images are pulled, as in a pod.',
  nodeNamespace:
    'Namespace of what needs the node: agents. It is made by the chart, with level privileged.',
  clusterName: 'k8s.cluster.name of everything that is sent.',
  environment:
    'Variables of the gateway and what it holds, such as BACKEND_ENDPOINT (host:port of a backend that takes OTLP by gRPC).',
  nodeEnvironment: 'Variables of the agents.',
  certificates:
    'The chart makes certificates for the way to the gateway, and keeps them. Without: `kube-latency secrets`, or certManager.',
};

function putSwitch(values: Values, { value, on }: Feature): void {
  const [name = ''] = value.split('.');
  values[name] = { enabled: on };
}

function valuesText(values: Values): string {
  const switches = new Map(features.map((each) => [each.value.split('.')[0] ?? '', each.about]));
  return Object.entries(values)
    .map(([name, value]) => {
      const comment = about[name] ?? switches.get(name) ?? `Pods of ${name}.`;
      return `\n# ${comment}\n${stringify({ [name]: value })}`;
    })
    .join('');
}

function chartOf(version: string): object {
  return {
    apiVersion: 'v2',
    name: 'kube-latency',
    type: 'application',
    version,
    appVersion: version,
    kubeVersion: '>=1.34.0-0',
    description:
      'One OpenTelemetry trace for one pod: client, API server, etcd, scheduler, kubelet, container runtime, first packet.',
  };
}

/** A change of a ConfigMap rolls the pods of its namespace. */
function configurationText(joined: readonly JoinedObject[]): string {
  const maps = joined.filter(({ object }) => object.kind === 'ConfigMap');
  return ['environment', 'nodeEnvironment']
    .map((scope) => {
      const namespace = scope === 'environment' ? 'kube-latency' : 'kube-latency-node';
      const includes = maps
        .filter(({ object }) => object.metadata.namespace === namespace)
        .map((each) => `{{ include (print .Template.BasePath "/${fileName(each)}") . }}`);
      return [
        `{{- define "kube-latency.configuration.${scope}" -}}`,
        ...includes,
        '{{- end -}}',
        '',
      ];
    })
    .flat()
    .join('\n');
}

/** Such as `node/daemon-set-agent.yaml`. */
function fileName({ object: { kind, metadata } }: JoinedObject): string {
  const folder = metadata.namespace === 'kube-latency-node' ? 'node/' : '';
  const kebab = kind.replaceAll(/(?<=[a-z])(?=[A-Z])/g, '-').toLowerCase();
  return `${folder}${kebab}-${metadata.name}.yaml`;
}

export async function versionOf(packageFile: string): Promise<string> {
  const { version } = JSON.parse(await readFile(packageFile, 'utf8')) as { version: string };
  return version;
}
