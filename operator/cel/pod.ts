/** Expressions of CEL about the pod of an admission request. */

export const podLabels = 'object.metadata.?labels.orValue({})';
export const podAnnotations = 'object.metadata.?annotations.orValue({})';
export const initContainers = 'object.spec.?initContainers.orValue([])';
export const allContainers = `(object.spec.containers + ${initContainers})`;
export const lastingContainers = `(object.spec.containers + ${initContainers}.filter(c, c.?restartPolicy.orValue("") == "Always"))`;
export const volumes = 'object.spec.?volumes.orValue([])';
