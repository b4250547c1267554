import {
  requirementsOf,
  type LabelRequirement,
  type LabelSelector,
} from '../injection/label-selector.ts';
import { celText, celTexts } from './literal.ts';

/** Whether any of the selectors matches the labels that an expression gives. None of them: false. */
export function celSelectsAny(labels: string, selectors: readonly LabelSelector[]): string {
  if (selectors.length === 0) return 'false';
  const any = selectors.map((selector) => `(${celRequirements(selector)})`).join(' || ');
  // The one way to name a value in an expression of the API server.
  return `[${labels}].exists(labels, ${any})`;
}

function celRequirements(selector: LabelSelector): string {
  const terms = requirementsOf(selector).map(celRequirement);
  return terms.length === 0 ? 'true' : terms.join(' && ');
}

function celRequirement({ key, operator, values = [] }: LabelRequirement): string {
  const isThere = `${celText(key)} in labels`;
  const isIn = `(${isThere} && labels[${celText(key)}] in ${celTexts(values)})`;
  switch (operator) {
    case 'In':
      return isIn;
    case 'NotIn':
      return `!${isIn}`;
    case 'Exists':
      return isThere;
    case 'DoesNotExist':
      return `!(${isThere})`;
  }
}
