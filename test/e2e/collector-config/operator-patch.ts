import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'yaml';
import { program } from '../../support/cluster.ts';
import { start } from '../../support/command.ts';
import { readText } from '../../unit/collector-config/load.ts';

/** The configuration in an OpenTelemetryCollector that has the first file in it, and the others as kustomize's patches. */
export async function patchedConfig(files: readonly string[]): Promise<unknown> {
  const folder = await mkdtemp(join(tmpdir(), 'kube-latency-operator-'));
  try {
    const names = files.map((_, n) => `${n}.yaml`);
    for (const [n, file] of files.entries())
      await writeFile(join(folder, `${n}.yaml`), customResource(readText(file)));
    const [base, ...patches] = names;
    const kustomization = { resources: [base], patches: patches.map((path) => ({ path })) };
    await writeFile(join(folder, 'kustomization.yaml'), JSON.stringify(kustomization));
    const { code, stdout, stderr } = await start(program('kubectl'), ['kustomize', folder])
      .finished;
    assert.equal(code, 0, stderr);
    return (parse(stdout) as { readonly spec: { readonly config: unknown } }).spec.config;
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** What README.md's shell command makes of a file. */
function customResource(text: string): string {
  const head = `apiVersion: opentelemetry.io/v1beta1
kind: OpenTelemetryCollector
metadata: { name: gateway }
spec:
  config:
`;
  return head + text.replace(/^(?=.)/gm, '    ');
}
