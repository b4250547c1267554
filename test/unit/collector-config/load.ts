import { readdirSync, readFileSync } from 'node:fs';
import { parse } from 'yaml';

const folder = new URL('../../../collector-config/', import.meta.url);

const kinds = ['receivers', 'processors', 'exporters', 'connectors', 'extensions'] as const;
export type Kind = (typeof kinds)[number];

export type Settings = Readonly<Record<string, unknown>>;
type Components = Readonly<Record<string, Settings | null>>;

interface Pipeline {
  readonly receivers: readonly string[];
  readonly processors: readonly string[];
  readonly exporters: readonly string[];
}

/** A collector's configuration as far as the checks look at it. */
export type CollectorConfig = Readonly<Partial<Record<Kind, Components>>> & {
  readonly service: {
    readonly extensions: readonly string[];
    readonly pipelines: Readonly<Record<string, Pipeline>>;
    readonly telemetry: {
      readonly metrics: { readonly readers: readonly Settings[] };
    };
  };
};

/** Every file of the folder, those in its subfolders too. */
export const allFiles = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.yaml'))
  .toSorted();

const features = namesIn('features');
/** Layers that our distribution lacks a component for. */
const extras = namesIn('extra').filter((file) => file !== 'extra/builder.yaml');

/** Every set of files that is run together, in the order in which they are laid over each other; last with every layer. */
export const combinations: readonly (readonly string[])[] = [
  ['agent.yaml'],
  ['gateway.yaml'],
  ...features.map((feature) => [layer(feature), feature]),
  ...['agent.yaml', 'gateway.yaml'].map((base) => [
    base,
    ...features.filter((feature) => layer(feature) === base),
  ]),
].filter(
  (files, index, all) => all.findIndex((other) => String(other) === String(files)) === index,
);

/** The same for what extra/builder.yaml makes. */
export const extraCombinations: readonly (readonly string[])[] = extras.map((file) => [
  layer(file),
  file,
]);

function namesIn(name: string): string[] {
  return readdirSync(new URL(`${name}/`, folder)).map((file) => `${name}/${file}`);
}

/** The file that a feature is laid over, as its own head says. */
function layer(feature: string): string {
  const [, file] = /laid over (\w+\.yaml)/i.exec(readText(feature)) ?? [];
  if (file === undefined) throw new Error(`${feature} does not say what it is laid over`);
  return file;
}

export function readText(file: string): string {
  return readFileSync(new URL(file, folder), 'utf8');
}

export function readYaml(file: string): unknown {
  return parse(readText(file));
}

/** Lays files over each other as the collector does: maps are merged, everything else is replaced. */
export function load(files: readonly string[]): CollectorConfig {
  return files.map(readYaml).reduce(merge) as CollectorConfig;
}

export function components(
  config: CollectorConfig,
): { kind: Kind; id: string; settings: Settings }[] {
  return kinds.flatMap((kind) =>
    Object.entries(config[kind] ?? {}).map(([id, settings]) => ({
      kind,
      id,
      settings: settings ?? {},
    })),
  );
}

/** Where a collector shows its own metrics, and where it sends them. */
export function ownMetrics(config: CollectorConfig): { page: unknown; endpoint: unknown } {
  const { readers } = config.service.telemetry.metrics;
  return {
    page: at(readers[0], 'pull', 'exporter', 'prometheus'),
    endpoint: at(readers[1], 'periodic', 'exporter', 'otlp', 'endpoint'),
  };
}

/** `otlp_grpc` of `otlp_grpc/gateway`. */
export function typeOf(id: string): string {
  return id.split('/')[0] ?? id;
}

/** The value at a path of keys, or undefined. */
export function at(value: unknown, ...path: readonly string[]): unknown {
  return path.reduce<unknown>((inner, key) => (isMap(inner) ? inner[key] : undefined), value);
}

function merge(below: unknown, above: unknown): unknown {
  if (!isMap(below) || !isMap(above)) {
    return above;
  }
  const merged: Record<string, unknown> = { ...below };
  for (const [key, value] of Object.entries(above)) {
    merged[key] = key in below ? merge(below[key], value) : value;
  }
  return merged;
}

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
