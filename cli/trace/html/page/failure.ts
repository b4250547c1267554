import type { TraceSpan } from '../../model.ts';
import { attributeText } from './span-filter.ts';

/** What a failed span says about why; empty where it says nothing. */
export function failureText({ status, events, attributes }: TraceSpan): string {
  const exception = events.findLast(({ name }) => name === 'exception')?.attributes;
  const told = [status.message, exception?.['exception.message'], attributes['error.type']];
  return told.map((each) => attributeText(each ?? '')).find((text) => text !== '') ?? '';
}
