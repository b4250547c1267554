import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { parse, parseAllDocuments } from 'yaml';
import { renderings } from '../../support/renderings.ts';

export const root = new URL('../../../', import.meta.url);
const features = readdirSync(new URL('collector-config/features/', root));

interface Asked {
  readonly host?: string;
  readonly port: number | string;
}

export interface Probe {
  readonly httpGet?: Asked;
  readonly tcpSocket?: Asked;
}

export interface Container {
  readonly name: string;
  readonly image: string;
  readonly imagePullPolicy: string;
  readonly args?: readonly string[];
  readonly envFrom?: readonly { readonly configMapRef: { readonly name: string } }[];
  readonly env?: readonly {
    readonly name: string;
    readonly value?: string;
    readonly valueFrom?: {
      readonly configMapKeyRef?: { name: string; key: string; optional?: boolean };
    };
  }[];
  readonly ports?: readonly {
    readonly name: string;
    readonly containerPort: number;
    readonly hostPort?: number;
    readonly hostIP?: string;
  }[];
  readonly resources: {
    readonly requests: Readonly<Record<string, string>>;
    readonly limits: Readonly<Record<string, string>>;
  };
  readonly securityContext: {
    readonly runAsNonRoot?: boolean;
    readonly runAsUser?: number;
    readonly privileged?: boolean;
    readonly allowPrivilegeEscalation?: boolean;
    readonly readOnlyRootFilesystem?: boolean;
    readonly capabilities?: { readonly drop?: readonly string[]; readonly add?: readonly string[] };
  };
  readonly startupProbe?: Probe;
  readonly readinessProbe?: Probe;
  readonly livenessProbe?: Probe;
  readonly volumeMounts?: readonly { readonly name: string; readonly mountPath: string }[];
}

export interface Volume {
  readonly name: string;
  readonly configMap?: { readonly name: string };
  readonly secret?: { readonly secretName: string };
  readonly persistentVolumeClaim?: { readonly claimName: string };
  readonly hostPath?: { readonly path: string };
  readonly emptyDir?: object;
  readonly projected?: object;
}

export interface PodSpec {
  readonly serviceAccountName: string;
  readonly automountServiceAccountToken?: boolean;
  readonly priorityClassName?: string;
  readonly restartPolicy?: string;
  readonly hostNetwork?: boolean;
  readonly hostPID?: boolean;
  readonly hostIPC?: boolean;
  readonly dnsPolicy?: string;
  readonly tolerations?: readonly object[];
  readonly affinity?: object;
  readonly securityContext: {
    readonly runAsNonRoot?: boolean;
    readonly runAsUser?: number;
    readonly seccompProfile?: { readonly type: string };
  };
  readonly initContainers?: readonly Container[];
  readonly containers: readonly Container[];
  readonly volumes?: readonly Volume[];
}

interface PodTemplate {
  readonly metadata: { readonly labels: Readonly<Record<string, string>> };
  readonly spec: PodSpec;
}

/** An object as far as the checks look at it. */
export interface KubeObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly labels?: Readonly<Record<string, string>>;
  };
  readonly data?: Readonly<Record<string, string>>;
  // oxlint-disable-next-line typescript/no-explicit-any -- the checks know the shape of the kind they ask for
  readonly spec?: any;
}

/** A thing that makes pods, and its pods. */
export interface Workload {
  readonly object: KubeObject;
  /** `DaemonSet agent`. */
  readonly title: string;
  readonly template: PodTemplate;
  readonly pod: PodSpec;
}

/** A file of the project; `<<` merges, as Grafana and compose have it. */
export function readYaml(path: string): unknown {
  return parse(readFileSync(new URL(path, root), 'utf8'), { merge: true });
}

/** What `kubectl kustomize` makes of each kustomization that the tests look at, by its name. */
export const rendered: Readonly<Record<string, readonly KubeObject[]>> = Object.fromEntries(
  renderings.map(({ name, golden }) => [
    name,
    parseAllDocuments(readFileSync(golden, 'utf8')).map(
      (document) => document.toJS() as KubeObject,
    ),
  ]),
);

export function workloads(objects: readonly KubeObject[]): Workload[] {
  return objects.flatMap((object) => {
    const { kind, metadata, spec } = object;
    const template = (kind === 'CronJob' ? spec.jobTemplate.spec.template : spec?.template) as
      PodTemplate | undefined;
    if (template === undefined) return [];
    return [{ object, title: `${kind} ${metadata.name}`, template, pod: template.spec }];
  });
}

/** The one object of a kind and name. */
export function one(objects: readonly KubeObject[], kind: string, name: string): KubeObject {
  const [found, ...others] = objects.filter(
    (object) => object.kind === kind && object.metadata.name === name,
  );
  assert.ok(found !== undefined && others.length === 0, `not one ${kind} ${name}`);
  return found;
}

/** The one workload of a title. */
export function workload(objects: readonly KubeObject[], title: string): Workload {
  const found = workloads(objects).find((each) => each.title === title);
  assert.ok(found, title);
  return found;
}

export function container({ pod }: Workload, name: string): Container {
  const found = pod.containers.find((each) => each.name === name);
  assert.ok(found, name);
  return found;
}

export function allContainers({ pod }: Workload): Container[] {
  return [...(pod.initContainers ?? []), ...pod.containers];
}

/** The literal value of a container's variable. */
export function variable({ env }: Container, name: string): string | undefined {
  return env?.find((each) => each.name === name)?.value;
}

/** The files of collector-config that a container's arguments name, in their order. */
export function collectorFiles({ args = [] }: Container): string[] {
  return args.flatMap((arg) => {
    const [, name] = /^--config=\/etc\/otelcol\/(.+)$/.exec(arg) ?? [];
    if (name === undefined) return [];
    return features.includes(name) ? [`features/${name}`] : [name];
  });
}

/** Bytes of `512Mi`, `1Gi` or `400MiB`. */
export function bytes(quantity: string): number {
  const [, digits = '', unit = ''] = /^(\d+)([MG])iB?$/.exec(quantity) ?? [];
  assert.notEqual(digits, '', quantity);
  return Number(digits) * 1024 ** (unit === 'G' ? 3 : 2);
}
