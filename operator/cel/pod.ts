/** Expressions of CEL about the pod of an admission request. */

export const podLabels = 'object.metadata.?labels.orValue({})';
export const podAnnotations = 'object.metadata.?annotations.orValue({})';
const initContainers = 'object.spec.?initContainers.orValue([])';
export const allContainers = `(object.spec.containers + ${initContainers})`;
export const lastingContainers = `(object.spec.containers + ${initContainers}.filter(c, c.?restartPolicy.orValue("") == "Always"))`;
export const volumes = 'object.spec.?volumes.orValue([])';
export const namespaceLabels = 'namespaceObject.metadata.?labels.orValue({})';

/** Whether the pod has resources as a whole, which its containers share. */
export const hasOwnResources =
  'object.spec.?resources.?requests.hasValue() || object.spec.?resources.?limits.hasValue()';

/** Whether the pod gets all it asks for: its QoS class. */
export const isGuaranteed = `${allContainers}.all(c, ["cpu", "memory"].all(r,
  c.?resources.?limits[?r].hasValue() &&
  quantity(c.resources.limits[r]).isGreaterThan(quantity("0")) &&
  quantity(c.?resources.?requests[?r].orValue(c.resources.limits[r])).compareTo(quantity(c.resources.limits[r])) == 0))`;
