export type Labels = Readonly<Record<string, string>>;

export interface LabelRequirement {
  readonly key: string;
  readonly operator: 'In' | 'NotIn' | 'Exists' | 'DoesNotExist';
  /** Some for In and NotIn, none for the others. */
  readonly values?: readonly string[] | undefined;
}

/** As Kubernetes has it: everything in it must hold; an empty one matches everything. */
export interface LabelSelector {
  readonly matchLabels?: Labels | undefined;
  readonly matchExpressions?: readonly LabelRequirement[] | undefined;
}

/** All that a selector asks for, each label as an expression. */
export function requirementsOf(selector: LabelSelector): readonly LabelRequirement[] {
  const { matchLabels = {}, matchExpressions = [] } = selector;
  const equal = Object.entries(matchLabels).map(
    ([key, value]) => ({ key, operator: 'In', values: [value] }) as const,
  );
  return [...equal, ...matchExpressions];
}

export function selects(selector: LabelSelector, labels: Labels): boolean {
  return requirementsOf(selector).every((requirement) => holds(requirement, labels));
}

/** What is not there is in no list. */
function holds({ key, operator, values = [] }: LabelRequirement, labels: Labels): boolean {
  const value = Object.hasOwn(labels, key) ? labels[key] : undefined;
  switch (operator) {
    case 'In':
      return value !== undefined && values.includes(value);
    case 'NotIn':
      return value === undefined || !values.includes(value);
    case 'Exists':
      return value !== undefined;
    case 'DoesNotExist':
      return value === undefined;
  }
}
