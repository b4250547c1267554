/** Label that the API server gives every namespace. */
export const namespaceNameLabel = 'kubernetes.io/metadata.name';

/** Where the pingers answer probes by UDP. */
export const udpPort = 8862;
