import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { monitoringCert } from '../receivers/support-certificates.ts';

/** Writes a kubeconfig for a fake API server into a folder, and tells its path. */
export async function writeKubeconfig(folder: string, origin: string): Promise<string> {
  const path = join(folder, 'config');
  const authority = Buffer.from(monitoringCert).toString('base64');
  const config = {
    clusters: [{ name: 'c', cluster: { server: origin, 'certificate-authority-data': authority } }],
    users: [{ name: 'u', user: { token: 'secret' } }],
    contexts: [{ name: 'x', context: { cluster: 'c', user: 'u', namespace: 'probes' } }],
    'current-context': 'x',
  };
  await writeFile(path, JSON.stringify(config));
  return path;
}
