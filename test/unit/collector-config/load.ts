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
      readonly metrics: {
        readonly readers: readonly [
          { readonly pull: { readonly exporter: { readonly prometheus: Settings } } },
        ];
      };
    };
  };
};

/** Every set of files that is run together, in the order in which they are laid over each other. */
export const combinations: readonly (readonly string[])[] = [
  ['agent.yaml'],
  ['gateway.yaml'],
  ...readdirSync(new URL('features/', folder)).map((name) => {
    const feature = `features/${name}`;
    return [layer(feature), feature];
  }),
];

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
