/** Holds a pod's namespaces; also the default container of a probe pod. */
export const sandboxImage = 'localhost/kube-latency/pause:1';

/** A shell and its tools. */
export const busyboxImage = 'localhost/kube-latency/busybox:1';

export const corednsImage = 'localhost/kube-latency/coredns:1';
