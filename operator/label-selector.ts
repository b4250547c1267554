import { z } from 'zod';

const operators = ['In', 'NotIn', 'Exists', 'DoesNotExist'] as const;

/** What one label must be; a selector is a list of these, all of which must hold. */
export interface Requirement {
  readonly key: string;
  readonly operator: (typeof operators)[number];
  /** Of In and NotIn, one at least; of the others none. */
  readonly values: readonly string[];
}

export type Labels = Readonly<Record<string, string>>;

const labelName = /^([a-z0-9]([a-z0-9.-]*[a-z0-9])?\/)?[A-Za-z0-9]([A-Za-z0-9_.-]*[A-Za-z0-9])?$/;
const key = z.string().max(317).regex(labelName, 'expected a label such as app or example.com/app');
const value = z
  .string()
  .max(63)
  .regex(/^([A-Za-z0-9]([A-Za-z0-9_.-]*[A-Za-z0-9])?)?$/, 'expected a value of a label');

const expression = z
  .object({ key, operator: z.enum(operators), values: z.array(value).default([]) })
  .refine(
    ({ operator, values }) => (operator === 'In' || operator === 'NotIn') === values.length > 0,
    {
      path: ['values'],
      message: 'expected some with In and NotIn, and none with Exists and DoesNotExist',
    },
  );

/** A LabelSelector of Kubernetes, read into requirements. One that says nothing has none, and selects everything. */
export const labelSelector = z
  .object({
    matchLabels: z.record(key, value).default({}),
    matchExpressions: z.array(expression).default([]),
  })
  .transform(({ matchLabels, matchExpressions }): readonly Requirement[] => [
    ...Object.entries(matchLabels).map(([label, only]) => ({
      key: label,
      operator: 'In' as const,
      values: [only],
    })),
    ...matchExpressions,
  ]);

/** Whether labels meet all requirements; none: they do. */
export function selects(requirements: readonly Requirement[], labels: Labels): boolean {
  return requirements.every(({ key: label, operator, values }) => {
    const is = Object.hasOwn(labels, label) ? labels[label] : undefined;
    switch (operator) {
      case 'In':
        return is !== undefined && values.includes(is);
      case 'NotIn':
        return is === undefined || !values.includes(is);
      case 'Exists':
        return is !== undefined;
      case 'DoesNotExist':
        return is === undefined;
    }
  });
}

/** The requirements as the API server takes them in a query; empty: none. The same ones give the same text, whatever their order. */
export function selectorText(requirements: readonly Requirement[]): string {
  const terms = requirements.map(({ key: label, operator, values }) => {
    const list = `(${values.toSorted().join(',')})`;
    switch (operator) {
      case 'In':
        return `${label} in ${list}`;
      case 'NotIn':
        return `${label} notin ${list}`;
      case 'Exists':
        return label;
      case 'DoesNotExist':
        return `!${label}`;
    }
  });
  return terms.toSorted().join(',');
}
