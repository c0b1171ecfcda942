import React, { useState } from 'react';
import { QueryEditorProps } from '@grafana/data';
import { Combobox, ComboboxOption, InlineField, Input } from '@grafana/ui';

import { text } from '../text';
import { SpanlogOptions, SpanlogQuery } from '../types';
import type { ListSource, VariableList, VariableQuery } from './types';

type Props = QueryEditorProps<ListSource, SpanlogQuery, SpanlogOptions, VariableQuery>;

const LISTS = Object.entries(text.variable.lists).map(([value, label]): ComboboxOption<VariableList> => ({
  value: value as VariableList,
  label,
}));
const ARGUMENTS: Partial<Record<VariableList, { label: string; placeholder: string }>> = {
  operations: { label: text.variable.service, placeholder: text.variable.servicePlaceholder },
  'tag-values': { label: text.variable.tag, placeholder: text.variable.tagPlaceholder },
  'log-label-values': { label: text.variable.label, placeholder: text.variable.labelPlaceholder },
};

/** Edits the query of a dashboard variable. What is typed is taken when the field is left: each change asks. */
export function VariableEditor({ query, onChange }: Props) {
  const list = query.list ?? 'services';
  const argument = ARGUMENTS[list];
  const [typed, setTyped] = useState(query.argument ?? '');
  const change = (change: Partial<VariableQuery>) => onChange({ ...query, refId: 'spanlog-variable', ...change });

  return (
    <>
      <InlineField label={text.variable.list} htmlFor="spanlog-variable-list" labelWidth={20}>
        <Combobox
          id="spanlog-variable-list"
          width={30}
          options={LISTS}
          value={list}
          onChange={({ value }) => change({ list: value })}
        />
      </InlineField>
      {argument && (
        <InlineField label={argument.label} htmlFor="spanlog-variable-argument" labelWidth={20}>
          <Input
            id="spanlog-variable-argument"
            width={30}
            placeholder={argument.placeholder}
            value={typed}
            onChange={(event) => setTyped(event.currentTarget.value)}
            onBlur={() => typed !== (query.argument ?? '') && change({ list, argument: typed })}
          />
        </InlineField>
      )}
    </>
  );
}
