import type { Rule, TextSource } from './text-source.ts';

/** What the scan looks for in one source, and what each literal may mean. */
export interface RuleSet {
  readonly literals: readonly Buffer[];
  /** By the number of a literal. */
  readonly rulesOf: readonly (readonly Rule[])[];
}

export function ruleSet({ rules }: TextSource): RuleSet {
  const byLiteral = new Map<string, Rule[]>();
  for (const rule of rules)
    for (const literal of rule.pattern.literals) {
      const key = literal.toString('latin1');
      const others = byLiteral.get(key);
      if (others === undefined) byLiteral.set(key, [rule]);
      else others.push(rule);
    }
  return {
    literals: [...byLiteral.keys()].map((key) => Buffer.from(key, 'latin1')),
    rulesOf: [...byLiteral.values()],
  };
}

/** Rules that a line with these literals may match, each once. */
export function candidates({ rulesOf }: RuleSet, literals: readonly number[]): readonly Rule[] {
  const [first = 0] = literals;
  if (literals.length === 1) return rulesOf[first] ?? [];
  return [...new Set(literals.flatMap((literal) => rulesOf[literal] ?? []))];
}
