import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { combinations, components, load, readText, readYaml, typeOf, type Kind } from './load.ts';

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

describe('collector-config/builder.yaml', () => {
  const builder = readYaml('builder.yaml') as Builder;
  const kinds = ['receivers', 'processors', 'exporters', 'connectors', 'extensions'] as const;
  const modules = kinds.flatMap((kind) =>
    builder[kind].map(({ gomod }) => ({ kind, name: basename(gomod.split(' ')[0] ?? '') })),
  );

  it('has the components that the configurations name, and no others', () => {
    const named = combinations
      .flatMap((files) => components(load(files)))
      .map(({ kind, id }) => `${kind} ${moduleName(kind, typeOf(id))}`);

    assert.deepEqual(
      modules.map(({ kind, name }) => `${kind} ${name}`).toSorted(),
      [...new Set(named)].toSorted(),
    );
  });

  it('has every component in the version of the builder', () => {
    const goMod = new URL('../../../local/tools/collector-builder/go.mod', import.meta.url);
    const found = /go\.opentelemetry\.io\/collector\/cmd\/builder (v\S+)/.exec(
      readFileSync(goMod, 'utf8'),
    );

    const versions = kinds.flatMap((kind) => builder[kind].map(({ gomod }) => gomod.split(' ')[1]));
    assert.deepEqual([...new Set(versions)], [found?.[1]]);
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

function moduleName(kind: Kind, type: string): string {
  return renamed[`${kind} ${type}`] ?? `${type.replaceAll('_', '')}${kind.replace(/s$/, '')}`;
}
