import React, { KeyboardEvent } from 'react';
import { css } from '@emotion/css';
import { GrafanaTheme2, TimeRange } from '@grafana/data';
import { Button, Combobox, ComboboxOption, InlineField, InlineFieldRow, Input, useStyles2 } from '@grafana/ui';

import type { SpanlogDatasource } from '../datasource';
import { ListName } from '../lists';
import { text } from '../text';
import { SearchFields, SpanlogQuery, TraceStore } from '../types';
import { ATTRIBUTES, isDuration, searchText } from './search';
import { timeParams } from './time';

interface Props {
  datasource: SpanlogDatasource;
  query: SpanlogQuery;
  range?: TimeRange;
  onChange: (query: SpanlogQuery) => void;
  onRun: () => void;
}

type ListField = 'service' | 'operation' | 'conversation' | 'model' | 'tool' | 'user';
type Status = NonNullable<SearchFields['status']>;

const words = text.query.search;
const status = (value: Status): ComboboxOption<Status> => ({ value, label: value });
// Jaeger and Zipkin know a tag on spans with errors, and nothing of the others.
const STATUSES: Record<TraceStore, Array<ComboboxOption<Status>>> = {
  tempo: [status('error'), status('ok'), status('unset')],
  jaeger: [status('error')],
  zipkin: [status('error')],
};
const ROWS: ListField[][] = [
  ['service', 'operation', 'conversation'],
  ['model', 'tool', 'user'],
];

/** Search without a query language. Writes the query text of the trace store, and shows it. */
export function SearchBuilder({ datasource, query, range, onChange, onRun }: Props) {
  const styles = useStyles2(getStyles);
  const store = datasource.traceStore;
  const fields = query.search ?? {};
  const id = (field: keyof SearchFields) => `spanlog-search-${field}-${query.refId}`;

  const change = (change: Partial<SearchFields>) => {
    const search = Object.fromEntries(Object.entries({ ...fields, ...change }).filter(([, value]) => value));
    onChange({ ...query, search, query: searchText(store, search) });
  };

  const list = async (field: ListField): Promise<Array<ComboboxOption<string>>> => {
    const [name, params] = listOf(field, fields);
    const values = await datasource.lists.get(name, { ...params, ...timeParams(range) });
    return values.map((value) => ({ value, label: value }));
  };
  const filtered = (field: ListField) => async (typed: string) =>
    (await list(field)).filter(({ value }) => value.toLowerCase().includes(typed.toLowerCase()));

  const runOnShiftEnter = (event: KeyboardEvent) => {
    if (event.key === 'Enter' && event.shiftKey) {
      event.preventDefault();
      onRun();
    }
  };

  const duration = (field: 'minDuration' | 'maxDuration') => (
    <InlineField
      label={words[field]}
      htmlFor={id(field)}
      labelWidth={16}
      invalid={!isDuration(fields[field])}
      error={words.invalidDuration}
    >
      <Input
        id={id(field)}
        width={24}
        placeholder={words.durationPlaceholder}
        value={fields[field] ?? ''}
        onChange={(event) => change({ [field]: event.currentTarget.value })}
      />
    </InlineField>
  );

  return (
    <div onKeyDown={runOnShiftEnter}>
      {ROWS.map((row) => (
        <InlineFieldRow key={row[0]}>
          {row.map((field) => (
            <InlineField key={field} label={words[field]} htmlFor={id(field)} labelWidth={16}>
              <Combobox
                id={id(field)}
                width={24}
                options={filtered(field)}
                value={fields[field] ?? null}
                placeholder={words.any}
                isClearable
                createCustomValue
                customValueDescription={words.useTyped}
                onChange={(option) => change({ [field]: option?.value })}
              />
            </InlineField>
          ))}
        </InlineFieldRow>
      ))}
      <InlineFieldRow>
        <InlineField label={words.status} htmlFor={id('status')} labelWidth={16}>
          <Combobox
            id={id('status')}
            width={24}
            options={STATUSES[store]}
            value={fields.status ?? null}
            placeholder={words.any}
            isClearable
            onChange={(option) => change({ status: option?.value })}
          />
        </InlineField>
        {duration('minDuration')}
        {duration('maxDuration')}
      </InlineFieldRow>
      <div className={styles.runs}>
        <Button variant="secondary" size="sm" onClick={onRun}>
          {words.run}
        </Button>
        <span className={styles.label}>{text.query.searchAs}</span>
        <code className={styles.code}>{query.query}</code>
      </div>
    </div>
  );
}

function listOf(field: ListField, fields: SearchFields): [ListName, Record<string, string>] {
  switch (field) {
    case 'service':
      return ['services', {}];
    case 'operation':
      return ['operations', fields.service ? { service: fields.service } : {}];
    default:
      return ['tag-values', { tag: ATTRIBUTES[field][0] }];
  }
}

const getStyles = (theme: GrafanaTheme2) => ({
  runs: css({ display: 'flex', alignItems: 'center', gap: theme.spacing(1), margin: theme.spacing(0.5, 0) }),
  label: css({
    flexShrink: 0,
    color: theme.colors.text.secondary,
    fontSize: theme.typography.bodySmall.fontSize,
  }),
  code: css({ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }),
});
