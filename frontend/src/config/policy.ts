import { PolicyOptions, RedactRule } from '../types';
import { compact } from './section';

export const BUILTINS = ['apiKeys', 'bearerTokens', 'emails', 'phones', 'cards'] as const;
export const ROLES = ['Admin', 'Editor', 'Viewer', 'None', 'anonymous', 'alerting'] as const;

export type Builtin = (typeof BUILTINS)[number];
export type RuleKind = 'regex' | 'attribute' | 'jsonPath';

/** The rules that are written by hand, with their place among all. */
export function ownRules(policy: PolicyOptions): RedactRule[] {
  return (policy.redact ?? []).filter((rule) => rule.builtin === undefined);
}

export const kindOf = (rule: RedactRule): RuleKind =>
  rule.attribute !== undefined ? 'attribute' : rule.jsonPath !== undefined ? 'jsonPath' : 'regex';

export const valueOf = (rule: RedactRule): string => rule[kindOf(rule)] ?? '';

export function rule(kind: RuleKind, value: string, name?: string): RedactRule {
  return kind === 'regex' ? { regex: value, ...(name ? { name } : {}) } : { [kind]: value };
}

export const hasBuiltin = (policy: PolicyOptions, builtin: Builtin): boolean =>
  (policy.redact ?? []).some((each) => each.builtin === builtin);

function withRules(policy: PolicyOptions, redact: RedactRule[]): PolicyOptions | undefined {
  return compact({ ...policy, redact: redact.length > 0 ? redact : undefined });
}

/** Built-in sets stand first, as the backend applies them. */
export function withBuiltin(policy: PolicyOptions, builtin: Builtin, on: boolean): PolicyOptions | undefined {
  const others = (policy.redact ?? []).filter((each) => each.builtin !== builtin);
  return withRules(policy, on ? [{ builtin }, ...others] : others);
}

export function withOwnRules(policy: PolicyOptions, own: RedactRule[]): PolicyOptions | undefined {
  const builtins = (policy.redact ?? []).filter((each) => each.builtin !== undefined);
  return withRules(policy, [...builtins, ...own]);
}
