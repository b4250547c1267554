import type { Requirement } from '../label-selector.ts';
import { celText, celTexts } from './literal.ts';

/** Whether the labels that an expression gives meet all requirements. */
export function celSelects(labels: string, requirements: readonly Requirement[]): string {
  if (requirements.length === 0) return 'true';
  // The one way to name a value in an expression of the API server.
  return `[${labels}].exists(labels, ${requirements.map(celRequirement).join(' && ')})`;
}

/** Whether they meet those of any of the selectors; of none they do not. */
export function celSelectsAny(
  labels: string,
  selectors: readonly (readonly Requirement[])[],
): string {
  if (selectors.length === 0) return 'false';
  const any = selectors.map(
    (requirements) => `(${['true', ...requirements.map(celRequirement)].join(' && ')})`,
  );
  return `[${labels}].exists(labels, ${any.join(' || ')})`;
}

function celRequirement(requirement: Requirement): string {
  const key = celText(requirement.key);
  const isThere = `${key} in labels`;
  const isIn = (values: readonly string[]): string =>
    `(${isThere} && labels[${key}] in ${celTexts(values)})`;
  switch (requirement.operator) {
    case 'In':
      return isIn(requirement.values);
    case 'NotIn':
      return `!${isIn(requirement.values)}`;
    case 'Exists':
      return isThere;
    case 'DoesNotExist':
      return `!(${isThere})`;
  }
}
