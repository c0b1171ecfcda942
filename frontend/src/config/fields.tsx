import React from 'react';
import { InlineField, InlineSwitch, Input, RadioButtonGroup, TagsInput } from '@grafana/ui';

import { text } from '../text';

const LABEL_WIDTH = 28;
const WIDTH = 40;

interface FieldProps<T> {
  id: string;
  label: string;
  tooltip?: string;
  value: T | undefined;
  /** Undefined: the field was emptied, and the default holds. */
  onChange: (value: T | undefined) => void;
  readOnly?: boolean;
}

type TextProps = FieldProps<string> & { placeholder?: string; invalid?: string; width?: number };

export function TextField({ id, label, tooltip, value, onChange, readOnly, placeholder, invalid, width }: TextProps) {
  return (
    <InlineField
      label={label}
      labelWidth={LABEL_WIDTH}
      tooltip={tooltip}
      htmlFor={id}
      disabled={readOnly}
      invalid={Boolean(invalid)}
      error={invalid}
      interactive
    >
      <Input
        id={id}
        width={width ?? WIDTH}
        value={value ?? ''}
        placeholder={placeholder}
        onChange={(event) => onChange(event.currentTarget.value || undefined)}
      />
    </InlineField>
  );
}

export function NumberField({
  id,
  label,
  tooltip,
  value,
  onChange,
  readOnly,
  placeholder,
  range: [min, max],
}: FieldProps<number> & { placeholder: string; range: [number, number] }) {
  const isOutside = value !== undefined && (value < min || value > max);
  return (
    <InlineField
      label={label}
      labelWidth={LABEL_WIDTH}
      tooltip={tooltip}
      htmlFor={id}
      disabled={readOnly}
      invalid={isOutside}
      error={text.config.outOfRange(min, max)}
    >
      <Input
        id={id}
        type="number"
        min={min}
        max={max}
        width={WIDTH}
        value={value ?? ''}
        placeholder={placeholder}
        onChange={(event) => {
          const typed = Number.parseInt(event.currentTarget.value, 10);
          onChange(Number.isNaN(typed) ? undefined : typed);
        }}
      />
    </InlineField>
  );
}

export function SwitchField({ id, label, tooltip, value, onChange, readOnly }: FieldProps<boolean>) {
  return (
    <InlineField label={label} labelWidth={LABEL_WIDTH} tooltip={tooltip} htmlFor={id} disabled={readOnly}>
      <InlineSwitch id={id} value={Boolean(value)} onChange={(event) => onChange(event.currentTarget.checked)} />
    </InlineField>
  );
}

export function ListField({
  id,
  label,
  tooltip,
  value,
  onChange,
  readOnly,
  placeholder,
}: FieldProps<string[]> & { placeholder: string }) {
  return (
    <InlineField label={label} labelWidth={LABEL_WIDTH} tooltip={tooltip} htmlFor={id} disabled={readOnly}>
      <TagsInput
        id={id}
        width={WIDTH}
        tags={value ?? []}
        placeholder={placeholder}
        onChange={(tags) => onChange(tags.length > 0 ? tags : undefined)}
      />
    </InlineField>
  );
}

type ChoiceProps<T> = Omit<FieldProps<T>, 'id' | 'onChange'> & {
  options: Array<{ value: T; label: string }>;
  onChange: (value: T) => void;
};

export function ChoiceField<T extends string>({ label, tooltip, value, onChange, readOnly, options }: ChoiceProps<T>) {
  return (
    <InlineField label={label} labelWidth={LABEL_WIDTH} tooltip={tooltip} disabled={readOnly}>
      <RadioButtonGroup aria-label={label} options={options} value={value} onChange={onChange} disabled={readOnly} />
    </InlineField>
  );
}
