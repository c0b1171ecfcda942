import React from 'react';
import { ConfigSection } from '@grafana/plugin-ui';
import {
  Button,
  Combobox,
  ComboboxOption,
  IconButton,
  InlineField,
  InlineFieldRow,
  InlineSwitch,
  Input,
} from '@grafana/ui';

import { text } from '../text';
import { ContentLevel, PolicyOptions, RedactRule } from '../types';
import { NumberField, SwitchField } from './fields';
import {
  BUILTINS,
  hasBuiltin,
  kindOf,
  ownRules,
  ROLES,
  rule,
  RuleKind,
  valueOf,
  withBuiltin,
  withOwnRules,
} from './policy';
import { compact, SectionProps } from './section';

const words = text.config.policy;

const options = <T extends string>(labels: Record<T, string>) =>
  Object.entries<string>(labels).map(([value, label]): ComboboxOption<T> => ({ value: value as T, label }));
const KINDS = options<RuleKind>(words.kinds);
const LEVELS = options<ContentLevel>(words.levelNames);

/** What readers may see. The backend enforces it; a rule that it does not understand stops every query. */
export function PolicySection({ options, readOnly, change }: SectionProps) {
  const policy = options.policy ?? {};
  const set = (changed: Partial<PolicyOptions>) => change({ policy: compact({ ...policy, ...changed }) });
  const setLevel = (role: string, level?: ContentLevel) => {
    const { [role]: _, ...others } = policy.levels ?? {};
    set({ levels: compact(level ? { ...others, [role]: level } : others) });
  };

  return (
    <ConfigSection title={words.title} description={words.description} isCollapsible isInitiallyOpen={false}>
      <InlineFieldRow>
        {BUILTINS.map((builtin) => (
          <InlineField
            key={builtin}
            label={`${words.builtins}: ${words.builtin[builtin]}`}
            htmlFor={`policy-${builtin}`}
            disabled={readOnly}
          >
            <InlineSwitch
              id={`policy-${builtin}`}
              value={hasBuiltin(policy, builtin)}
              onChange={(event) => change({ policy: withBuiltin(policy, builtin, event.currentTarget.checked) })}
            />
          </InlineField>
        ))}
      </InlineFieldRow>
      <InlineField label={words.rules} tooltip={words.rulesTooltip} labelWidth={28} disabled={readOnly}>
        <RuleList
          rules={ownRules(policy)}
          readOnly={readOnly}
          onChange={(rules) => change({ policy: withOwnRules(policy, rules) })}
        />
      </InlineField>
      <InlineField label={words.levels} tooltip={words.levelsTooltip} labelWidth={28} disabled={readOnly}>
        <div>
          {ROLES.map((role) => (
            <InlineField
              key={role}
              label={words.roles[role]}
              labelWidth={20}
              htmlFor={`policy-${role}`}
              disabled={readOnly}
            >
              <Combobox
                id={`policy-${role}`}
                width={20}
                options={LEVELS}
                value={policy.levels?.[role] ?? null}
                placeholder={words.notSet}
                isClearable
                disabled={readOnly}
                onChange={(option) => setLevel(role, option?.value)}
              />
            </InlineField>
          ))}
        </div>
      </InlineField>
      <NumberField
        id="policy-preview-chars"
        label={words.previewChars}
        value={policy.previewChars}
        placeholder="80"
        range={[0, 100_000]}
        readOnly={readOnly}
        onChange={(previewChars) => set({ previewChars })}
      />
      <SwitchField
        id="policy-media"
        label={words.media}
        tooltip={words.mediaTooltip}
        value={policy.media ?? true}
        readOnly={readOnly}
        onChange={(media) => set({ media: media ? undefined : false })}
      />
      <SwitchField
        id="policy-audit"
        label={words.audit}
        tooltip={words.auditTooltip}
        value={policy.audit}
        readOnly={readOnly}
        onChange={(audit) => set({ audit: audit || undefined })}
      />
    </ConfigSection>
  );
}

interface RuleListProps {
  rules: RedactRule[];
  readOnly: boolean;
  onChange: (rules: RedactRule[]) => void;
}

function RuleList({ rules, readOnly, onChange }: RuleListProps) {
  const replace = (index: number, changed: RedactRule) =>
    onChange(rules.map((each, at) => (at === index ? changed : each)));

  return (
    <div>
      {rules.map((each, index) => {
        const kind = kindOf(each);
        const value = valueOf(each);
        return (
          <InlineFieldRow key={index}>
            <InlineField label={words.kind} htmlFor={`policy-kind-${index}`} disabled={readOnly}>
              <Combobox
                id={`policy-kind-${index}`}
                width={16}
                options={KINDS}
                value={kind}
                disabled={readOnly}
                onChange={(option) => replace(index, rule(option.value, value))}
              />
            </InlineField>
            <Input
              aria-label={`${words.value} ${index + 1}`}
              width={30}
              value={value}
              placeholder={PLACEHOLDERS[kind]}
              disabled={readOnly}
              onChange={(event) => replace(index, rule(kind, event.currentTarget.value, each.name))}
            />
            {kind === 'regex' && (
              <Input
                aria-label={`${words.name} ${index + 1}`}
                width={16}
                value={each.name ?? ''}
                placeholder="redacted"
                disabled={readOnly}
                onChange={(event) => replace(index, rule(kind, value, event.currentTarget.value))}
              />
            )}
            <IconButton
              name="trash-alt"
              type="button"
              aria-label={`${words.removeRule} ${index + 1}`}
              disabled={readOnly}
              onClick={() => onChange(rules.filter((_, at) => at !== index))}
            />
          </InlineFieldRow>
        );
      })}
      <Button
        type="button"
        variant="secondary"
        size="sm"
        icon="plus"
        disabled={readOnly}
        onClick={() => onChange([...rules, rule('regex', '')])}
      >
        {words.addRule}
      </Button>
    </div>
  );
}

const PLACEHOLDERS: Record<RuleKind, string> = {
  regex: 'cust-\\d+',
  attribute: 'user.*',
  jsonPath: 'messages.*.content',
};
