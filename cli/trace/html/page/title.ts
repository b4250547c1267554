import { printable } from '../../../terminal/text.ts';
import { nameOf } from '../../drawing.ts';
import { attributeText } from './span-filter.ts';
import type { SpanRow } from './trace-model.ts';

/** What the page is about: the pod where the trace tells one, else its uppermost span. */
export function titleOf(root: SpanRow | undefined): string {
  if (root === undefined) return 'Trace';
  const pod = root.span.attributes['k8s.pod.name'];
  return pod === undefined ? nameOf(root.span) : printable(attributeText(pod));
}
