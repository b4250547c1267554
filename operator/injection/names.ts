/** Label that the API server gives every namespace. */
export const namespaceNameLabel = 'kubernetes.io/metadata.name';

/** Where the pingers answer probes by UDP. */
export const udpPort = 8862;

/** On a pod that shows a static pod of a kubelet. */
export const mirrorAnnotation = 'kubernetes.io/config.mirror';
