import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import {
  combinations,
  components,
  extraCombinations,
  load,
  readText,
  readYaml,
  typeOf,
  type Kind,
} from './load.ts';

interface Builder {
  readonly dist: Readonly<Record<string, unknown>>;
  readonly receivers: readonly { gomod: string }[];
  readonly processors: readonly { gomod: string }[];
  readonly exporters: readonly { gomod: string }[];
  readonly connectors: readonly { gomod: string }[];
  readonly extensions: readonly { gomod: string }[];
  readonly providers: readonly { gomod: string }[];
}

/** Modules whose name is not simply the component's type and kind. */
const renamed: Readonly<Record<string, string>> = {
  'exporters otlp_grpc': 'otlpexporter',
  'extensions file_storage': 'filestorage',
};

/** The only versions that the Go module proxy has of these, whole. */
const older: Readonly<Record<string, string>> = {
  k8seventsreceiver: 'v0.111.0',
  servicegraphconnector: 'v0.158.0',
};

const kinds = ['receivers', 'processors', 'exporters', 'connectors', 'extensions'] as const;

for (const [file, made] of [
  ['builder.yaml', combinations],
  ['extra/builder.yaml', extraCombinations],
] as const)
  describe(`collector-config/${file}`, () => {
    it('has the components that the configurations name, and no others', () => {
      const named = made
        .flatMap((files) => components(load(files)))
        .map(({ kind, id }) => `${kind} ${moduleName(kind, typeOf(id))}`);

      assert.deepEqual(
        modulesOf(readYaml(file) as Builder).map(({ kind, name }) => `${kind} ${name}`),
        [...new Set(named)].toSorted(inOrderOfKinds),
      );
    });
  });

describe('collector-config/builder.yaml', () => {
  const builder = readYaml('builder.yaml') as Builder;

  it('has every component in the version of the builder, where there is one', () => {
    const goMod = new URL('../../../local/tools/collector-builder/go.mod', import.meta.url);
    const found = /go\.opentelemetry\.io\/collector\/cmd\/builder (v\S+)/.exec(
      readFileSync(goMod, 'utf8'),
    );

    for (const { name, version } of modulesOf(builder))
      assert.equal(version, older[name] ?? found?.[1], name);
    assert.equal(`v${String(builder.dist['version'])}`, found?.[1]);
  });

  it('has the providers whose schemes the configurations use', () => {
    const schemes = combinations
      .flat()
      .flatMap((file) =>
        [...readText(file).matchAll(/\$\{([a-z]+):/g)].map(([, scheme]) => scheme),
      );
    const provided = builder.providers.map(({ gomod }) =>
      basename(gomod.split(' ')[0] ?? '').replace(/provider$/, ''),
    );

    assert.deepEqual(
      [...new Set(schemes)].filter((scheme) => !provided.includes(scheme ?? '')),
      [],
    );
  });

  it('leaves the place of the program to whoever builds it', () => {
    assert.equal(builder.dist['output_path'], undefined);
    assert.equal(builder.dist['name'], 'otelcol-kube-latency');
  });
});

interface Module {
  readonly kind: Kind;
  readonly name: string;
  readonly version: string | undefined;
}

function modulesOf(builder: Builder): Module[] {
  return kinds.flatMap((kind) =>
    builder[kind]
      .map(({ gomod }) => gomod.split(' '))
      .map(([path = '', version]) => ({ kind, name: basename(path), version }))
      .toSorted((one, other) => (one.name < other.name ? -1 : 1)),
  );
}

function inOrderOfKinds(one: string, other: string): number {
  const rank = (text: string): number => kinds.findIndex((kind) => text.startsWith(`${kind} `));
  return rank(one) - rank(other) || (one < other ? -1 : 1);
}

function moduleName(kind: Kind, type: string): string {
  return renamed[`${kind} ${type}`] ?? `${type.replaceAll('_', '')}${kind.replace(/s$/, '')}`;
}
