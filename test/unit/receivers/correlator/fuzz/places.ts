import { everyField, fieldsAt, type Field } from './field.ts';
import { pick, type Random } from './random.ts';

/** Where to change something: mostly in the spans, before which the first six fields stand. */
export function target(random: Random, request: Field[]): { field: Field; within: Field[] } {
  const every = everyField(request);
  return pick(random, random() < 0.1 ? every : every.slice(6));
}

/** The spans, and what stands as one. */
export const spansOf = (request: Field[]): Field[] => fieldsAt(request, 1, 2, 2);

/** Trace, span and parent ids of the spans, and those that they link to. */
export const idsOf = (request: Field[]): Field[] =>
  [[1], [2], [4], [13, 1], [13, 2]].flatMap((path) => fieldsAt(request, 1, 2, 2, ...path));

/** Fields of a wire type that are no messages. */
export const leaves = (request: Field[], type: number): Field[] =>
  everyField(request)
    .map(({ field }) => field)
    .filter((field) => field.type === type && Buffer.isBuffer(field.content));
