import assert from 'node:assert/strict';
import { join } from 'node:path';
import { start } from './command.ts';
import { kubectl } from './cluster.ts';

/** Where operators publish the schemas of their kinds; a Go module is fetched with a checksum. */
const modules = [
  {
    module: 'github.com/cert-manager/cert-manager',
    version: 'v1.21.2',
    sum: 'h1:UWgoYM+KLNtRlqmoWOKjKBOBUPVHeepQ6/ac3ERJW68=',
    folder: 'deploy/crds',
    files: ['certificates', 'clusterissuers', 'issuers'].map(
      (plural) => `cert-manager.io_${plural}.yaml`,
    ),
  },
  {
    module: 'github.com/prometheus-operator/prometheus-operator',
    version: 'v0.85.0',
    sum: 'h1:M5xLCLEoaW2IJfnuCwFzzpL+jSVQu3KGT84Pye+fW8s=',
    folder: 'example/prometheus-operator-crd',
    files: ['podmonitors', 'prometheusrules', 'servicemonitors'].map(
      (plural) => `monitoring.coreos.com_${plural}.yaml`,
    ),
  },
] as const;

export interface OperatorCrds {
  /** Takes the definitions, and all objects of their kinds, out of the cluster. */
  remove(): Promise<void>;
}

/** Has the API server know, and check, the kinds of cert-manager and of the Prometheus Operator; nothing acts on them. */
export async function addOperatorCrds(): Promise<OperatorCrds> {
  const files = (await Promise.all(modules.map(filesOf))).flat();
  const named = files.map((file) => `--filename=${file}`);
  await kubectl(['apply', '--server-side', ...named]);
  await kubectl(['wait', '--for=condition=Established', '--timeout=30s', ...named]);
  return {
    remove: async () => {
      await kubectl(['delete', '--ignore-not-found', ...named]);
    },
  };
}

async function filesOf({
  module,
  version,
  sum,
  folder,
  files,
}: (typeof modules)[number]): Promise<string[]> {
  const asked = ['mod', 'download', '-json', `${module}@${version}`];
  const { code, stdout, stderr } = await start('go', asked).finished;
  assert.equal(code, 0, `${stdout}${stderr}`);
  const { Dir: downloaded, Sum: found } = JSON.parse(stdout) as { Dir: string; Sum: string };
  assert.equal(found, sum, `${module}@${version}`);
  return files.map((file) => join(downloaded, folder, file));
}
