import React from 'react';
import { ConfigSection } from '@grafana/plugin-ui';
import { Button, IconButton, InlineField, InlineFieldRow, Input } from '@grafana/ui';

import { text } from '../text';
import { KeyValue, LogStoreOptions } from '../types';
import { ListField, NumberField, SwitchField, TextField } from './fields';
import { compact, SectionProps } from './section';

const words = text.config.correlation;

const isShift = (value?: string) => !value || /^-?(\d+(\.\d+)?(ns|us|µs|ms|s|m|h|d|w))+$/.test(value);

/** One group, as the backend's regular expressions (RE2) understand it; RE2's own syntax is checked there. */
function isPattern(value?: string): boolean {
  if (!value) {
    return true;
  }
  try {
    return (new RegExp(`${value}|`).exec('')?.length ?? 0) === 2;
  } catch {
    return false;
  }
}

/** How the records of a trace are found in Loki. */
export function CorrelationSection({ options, readOnly, change }: SectionProps) {
  const logs = options.logs ?? {};
  const set = (changed: Partial<LogStoreOptions>) => change({ logs: compact({ ...logs, ...changed }) });

  return (
    <ConfigSection title={words.title} description={words.description} isCollapsible isInitiallyOpen={false}>
      <TextField
        id="logs-query"
        label={words.query}
        tooltip={words.queryTooltip}
        value={logs.query}
        placeholder={'{service_name=~"${__trace.services}"} | trace_id="${__trace.traceId}"'}
        width={80}
        readOnly={readOnly}
        onChange={(query) => set({ query })}
      />
      <LabelList tags={logs.tags ?? []} readOnly={readOnly} onChange={(tags) => set({ tags })} />
      <TextField
        id="logs-start-shift"
        label={words.startShift}
        tooltip={words.startShiftTooltip}
        value={logs.startShift}
        placeholder="-5m"
        invalid={isShift(logs.startShift) ? undefined : words.invalidDuration}
        readOnly={readOnly}
        onChange={(startShift) => set({ startShift })}
      />
      <TextField
        id="logs-end-shift"
        label={words.endShift}
        tooltip={words.endShiftTooltip}
        value={logs.endShift}
        placeholder="5m"
        invalid={isShift(logs.endShift) ? undefined : words.invalidDuration}
        readOnly={readOnly}
        onChange={(endShift) => set({ endShift })}
      />
      <NumberField
        id="logs-max-records"
        label={words.maxRecords}
        tooltip={words.maxRecordsTooltip}
        value={logs.maxRecords}
        placeholder="5000"
        range={[1, 1_000_000]}
        readOnly={readOnly}
        onChange={(maxRecords) => set({ maxRecords })}
      />
      <ListField
        id="logs-trace-id-keys"
        label={words.traceIdKeys}
        tooltip={words.traceIdKeysTooltip}
        value={logs.traceIdKeys}
        placeholder={words.addName}
        readOnly={readOnly}
        onChange={(traceIdKeys) => set({ traceIdKeys })}
      />
      <ListField
        id="logs-span-id-keys"
        label={words.spanIdKeys}
        tooltip={words.spanIdKeysTooltip}
        value={logs.spanIdKeys}
        placeholder={words.addName}
        readOnly={readOnly}
        onChange={(spanIdKeys) => set({ spanIdKeys })}
      />
      <TextField
        id="logs-trace-id-regex"
        label={words.traceIdRegex}
        tooltip={words.traceIdRegexTooltip}
        value={logs.traceIdRegex}
        placeholder="trace=(\w+)"
        invalid={isPattern(logs.traceIdRegex) ? undefined : words.invalidRegex}
        readOnly={readOnly}
        onChange={(traceIdRegex) => set({ traceIdRegex })}
      />
      <SwitchField
        id="correct-clock-skew"
        label={words.clockSkew}
        tooltip={words.clockSkewTooltip}
        value={options.correctClockSkew}
        readOnly={readOnly}
        onChange={(correctClockSkew) => change({ correctClockSkew })}
      />
    </ConfigSection>
  );
}

interface LabelListProps {
  tags: KeyValue[];
  readOnly: boolean;
  onChange: (tags: KeyValue[] | undefined) => void;
}

function LabelList({ tags, readOnly, onChange }: LabelListProps) {
  const replace = (index: number, changed: Partial<KeyValue>) =>
    onChange(tags.map((tag, at) => (at === index ? { ...tag, ...changed } : tag)));
  const remove = (index: number) => {
    const left = tags.filter((_, at) => at !== index);
    onChange(left.length > 0 ? left : undefined);
  };

  return (
    <InlineField label={words.tags} tooltip={words.tagsTooltip} labelWidth={28} disabled={readOnly}>
      <div>
        {tags.map(({ key, value }, index) => (
          <InlineFieldRow key={index}>
            <Input
              aria-label={`${words.tagKey} ${index + 1}`}
              width={24}
              value={key}
              placeholder="service.name"
              disabled={readOnly}
              onChange={(event) => replace(index, { key: event.currentTarget.value })}
            />
            <Input
              aria-label={`${words.tagValue} ${index + 1}`}
              width={24}
              value={value}
              placeholder="service_name"
              disabled={readOnly}
              onChange={(event) => replace(index, { value: event.currentTarget.value })}
            />
            <IconButton
              name="trash-alt"
              type="button"
              aria-label={`${words.removeTag} ${index + 1}`}
              disabled={readOnly}
              onClick={() => remove(index)}
            />
          </InlineFieldRow>
        ))}
        <Button
          type="button"
          variant="secondary"
          size="sm"
          icon="plus"
          disabled={readOnly}
          onClick={() => onChange([...tags, { key: '', value: '' }])}
        >
          {words.addTag}
        </Button>
      </div>
    </InlineField>
  );
}
