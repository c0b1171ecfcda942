import React, { useMemo } from 'react';
import { css } from '@emotion/css';
import { GrafanaTheme2, QueryEditorProps } from '@grafana/data';
import { InlineField, RadioButtonGroup, useStyles2 } from '@grafana/ui';

import type { SpanlogDatasource } from '../datasource';
import { text } from '../text';
import { QUERY_TYPE_CONVERSATION, QUERY_TYPE_TRACEQL, SpanlogOptions, SpanlogQuery, TRACE_ID } from '../types';
import { CompletingField } from './CompletingField';
import { logqlCompleter } from './complete/logql';
import { traceqlCompleter } from './complete/traceql';
import { ExportLinks } from './ExportLinks';
import { inMode, Mode, modeOf } from './mode';
import { QueryOptions } from './QueryOptions';
import { SearchBuilder } from './SearchBuilder';
import { timeParams } from './time';

type Props = QueryEditorProps<SpanlogDatasource, SpanlogQuery, SpanlogOptions>;

const words = text.query;
const LABEL_WIDTH = 20;

/** One field for a trace ID or TraceQL, a search builder that writes TraceQL, or a conversation ID; options below. */
export function QueryEditor({ datasource, query, range, onChange, onRunQuery }: Props) {
  const styles = useStyles2(getStyles);
  const store = datasource.traceStore;
  const mode = modeOf(query, store);
  const isTempo = store === 'tempo';
  const fieldId = `spanlog-query-${query.refId}`;

  const time = useMemo(() => () => timeParams(range), [range]);
  const traceql = useMemo(
    () => (isTempo ? traceqlCompleter(datasource.lists, time) : undefined),
    [datasource, isTempo, time]
  );
  const logql = useMemo(() => logqlCompleter(datasource.lists, time), [datasource, time]);

  const modes: Array<{ value: Mode; label: string }> = [
    { value: 'trace', label: isTempo ? words.modes.trace : words.modes.traceWords },
    { value: 'search', label: words.modes.search },
    { value: 'conversation', label: words.modes.conversation },
  ];

  const setText = (value: string) => {
    const { search: _, ...rest } = query;
    const queryType = mode === 'conversation' ? QUERY_TYPE_CONVERSATION : QUERY_TYPE_TRACEQL;
    onChange({ ...rest, query: value, queryType });
  };

  return (
    <div className={styles.rows}>
      <InlineField label={words.mode} labelWidth={LABEL_WIDTH}>
        <RadioButtonGroup
          aria-label={words.mode}
          options={modes}
          value={mode}
          onChange={(next) => onChange(inMode(query, next, store))}
        />
      </InlineField>

      {mode === 'trace' && (
        <InlineField label={isTempo ? words.trace : words.traceWords} htmlFor={fieldId} labelWidth={LABEL_WIDTH} grow>
          <CompletingField
            id={fieldId}
            value={query.query ?? ''}
            placeholder={isTempo ? words.tracePlaceholder : words.traceWordsPlaceholder}
            completer={traceql}
            onChange={setText}
            onRun={onRunQuery}
          />
        </InlineField>
      )}
      {mode === 'conversation' && (
        <InlineField
          label={words.conversation}
          tooltip={words.conversationTooltip}
          htmlFor={fieldId}
          labelWidth={LABEL_WIDTH}
          grow
        >
          <CompletingField
            id={fieldId}
            value={query.query ?? ''}
            placeholder={words.conversationPlaceholder}
            onChange={setText}
            onRun={onRunQuery}
          />
        </InlineField>
      )}
      {mode === 'search' && (
        <SearchBuilder datasource={datasource} query={query} range={range} onChange={onChange} onRun={onRunQuery} />
      )}

      {mode === 'trace' && TRACE_ID.test(query.query?.trim() ?? '') && (
        <ExportLinks uid={datasource.uid} query={query} range={range} />
      )}
      <QueryOptions query={query} logql={logql} onChange={onChange} onRun={onRunQuery} />
    </div>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  rows: css({ display: 'flex', flexDirection: 'column', gap: theme.spacing(0.5) }),
});
