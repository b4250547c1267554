/**
 * `node bench/rtt-memory/api-server.ts COUNT FIRST FILE`: an API server of so many nodes with addresses from the first on, whose watches
 * say nothing. Writes a kubeconfig, and prints a line when it serves. Run inside the namespace of the pinger.
 */
import { writeFile } from 'node:fs/promises';
import { startApiServer } from '../correlator/api-server.ts';
import { addressAfter } from '../rtt/network.ts';

/** A kubelet tells so many images, each by a digest and a tag: most of what a node object is. */
const images = 50;

const [count = '', first = '', file = ''] = process.argv.slice(2);
const nodes = Array.from({ length: Number(count) }, (_, index) => {
  const name = `node-${index}`;
  const labels = {
    'kubernetes.io/hostname': name,
    'topology.kubernetes.io/zone': `zone-${index % 10}`,
  };
  return {
    metadata: { name, namespace: '', resourceVersion: '1', uid: crypto.randomUUID(), labels },
    status: {
      addresses: [
        { type: 'InternalIP', address: addressAfter(first, index) },
        { type: 'Hostname', address: name },
      ],
      images: Array.from({ length: images }, (__, image) => ({
        names: [`registry.example/image-${image}@sha256:${'0'.repeat(64)}`, `image-${image}:1.0`],
        sizeBytes: 12_345_678 + image,
      })),
    },
  };
});
const { kubeconfig } = await startApiServer(nodes);
await writeFile(file, kubeconfig);
console.log('serving');
