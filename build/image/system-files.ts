import { rootCertificates } from 'node:tls';
import { layerFile } from './layer.ts';
import type { TarEntry } from './tar.ts';

const accounts = [
  'root:x:0:0:root:/root:/sbin/nologin',
  'nonroot:x:65532:65532:nonroot:/app:/sbin/nologin',
];

/** The few files of /etc that the C library reads: who the user is, and where names are looked up. */
export function accountFiles(): TarEntry[] {
  return [
    layerFile('/etc/passwd', lines(accounts)),
    layerFile('/etc/group', lines(['root:x:0:', 'nonroot:x:65532:'])),
    layerFile('/etc/nsswitch.conf', lines(['hosts: files dns'])),
  ];
}

/** Mozilla's certificate authorities as Node brings them: the same on every machine, and none of this machine's own. */
export function certificateFiles(): TarEntry[] {
  return [layerFile('/etc/ssl/certs/ca-certificates.crt', lines(rootCertificates))];
}

function lines(values: readonly string[]): string {
  return values.map((value) => `${value}\n`).join('');
}
