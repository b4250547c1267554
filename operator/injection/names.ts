import { sidecarNames } from '../network-prober.ts';

/** Path of the peers in a sidecar. */
export const peersFile = `${sidecarNames.mountPath}/${sidecarNames.file}`;

/** On an injected pod: `namespace/name` of the NetworkProber that its sidecar belongs to. */
export const proberAnnotation = 'probes.bigmikes.io/network-prober';

/** Label that the API server gives every namespace. */
export const namespaceNameLabel = 'kubernetes.io/metadata.name';

/** Where the pingers answer probes by UDP. */
export const udpPort = 8862;
