import React from 'react';
import { Combobox, ComboboxOption, InlineField, InlineFieldRow, InlineSwitch, RadioButtonGroup } from '@grafana/ui';
import { QueryOptionGroup } from '@grafana/plugin-ui';

import { text } from '../text';
import { History, Lanes, LogRows, MinLevel, SpanlogQuery, View } from '../types';
import { CompletingField } from './CompletingField';
import { Completer } from './complete/completer';
import { LimitField } from './LimitField';

interface Props {
  query: SpanlogQuery;
  logql: Completer;
  onChange: (query: SpanlogQuery) => void;
  onRun: () => void;
}

const words = text.query.options;
const choices = words.choices;

const LOGS: Array<{ value: LogRows; label: string }> = [
  { value: 'all', label: choices.all },
  { value: 'messages', label: choices.messages },
  { value: 'none', label: choices.none },
];
// The datasource's settings decide where a query says nothing.
const HISTORY: Array<{ value: History | undefined; label: string }> = [
  { value: undefined, label: choices.default },
  { value: 'full', label: choices.full },
  { value: 'delta', label: choices.delta },
];
const LANES: Array<{ value: Lanes | undefined; label: string }> = [
  { value: undefined, label: choices.default },
  { value: 'role', label: choices.role },
  { value: 'service', label: choices.service },
];
const LEVELS = (['trace', 'debug', 'info', 'warn', 'error'] as const).map((value): ComboboxOption<MinLevel> => ({
  value,
  label: value,
}));
const VIEWS: Array<Exclude<View, 'trace'>> = ['logs', 'nodeGraph', 'table'];

/** What the options say, in one line, for the closed group. What is as usual is not said. */
export function summaryOf(query: SpanlogQuery): string[] {
  const say = words.summary;
  const views = VIEWS.filter((view) => query.views?.includes(view)).map((view) => choices[view]);
  return [
    say.logs(choices[query.logs ?? 'all']),
    query.history && say.history(choices[query.history]),
    query.lanes && say.lanes(choices[query.lanes]),
    query.minLevel && say.minLevel(query.minLevel),
    query.logsQuery?.trim() && say.logsQuery,
    query.limit && say.limit(query.limit),
    views.length > 0 && say.views(views.join(', ')),
    query.live && say.live,
  ].filter((line): line is string => Boolean(line));
}

export function QueryOptions({ query, logql, onChange, onRun }: Props) {
  const id = (name: string) => `spanlog-option-${name}-${query.refId}`;

  /** A choice takes effect at once; a key that is unset leaves the query. */
  const choose = (change: Partial<SpanlogQuery>) => {
    onChange(without(query, change));
    onRun();
  };

  const toggleView = (view: Exclude<View, 'trace'>, on: boolean) => {
    const views = VIEWS.filter((each) => (each === view ? on : query.views?.includes(each)));
    choose({ views: views.length > 0 ? ['trace', ...views] : undefined });
  };

  return (
    <QueryOptionGroup title={words.title} collapsedInfo={summaryOf(query)}>
      <InlineFieldRow>
        <InlineField label={words.logs} tooltip={words.logsTooltip}>
          <RadioButtonGroup
            aria-label={words.logs}
            options={LOGS}
            value={query.logs ?? 'all'}
            onChange={(logs) => choose({ logs: logs === 'all' ? undefined : logs })}
          />
        </InlineField>
        <InlineField label={words.history} tooltip={text.config.messages.historyTooltip}>
          <RadioButtonGroup
            aria-label={words.history}
            options={HISTORY}
            value={query.history}
            onChange={(history) => choose({ history })}
          />
        </InlineField>
        <InlineField label={words.lanes} tooltip={text.config.messages.lanesTooltip}>
          <RadioButtonGroup
            aria-label={words.lanes}
            options={LANES}
            value={query.lanes}
            onChange={(lanes) => choose({ lanes })}
          />
        </InlineField>
        <InlineField label={words.minLevel} tooltip={words.minLevelTooltip} htmlFor={id('min-level')}>
          <Combobox
            id={id('min-level')}
            width={14}
            options={LEVELS}
            value={query.minLevel ?? null}
            placeholder={choices.anyLevel}
            isClearable
            onChange={(option) => choose({ minLevel: option?.value })}
          />
        </InlineField>
        <LimitField id={id('limit')} value={query.limit} onChange={(limit) => choose({ limit })} />
      </InlineFieldRow>
      <InlineFieldRow>
        {VIEWS.map((view, index) => (
          <InlineField
            key={view}
            label={index === 0 ? `${words.views}: ${choices[view]}` : choices[view]}
            tooltip={index === 0 ? words.viewsTooltip : undefined}
            htmlFor={id(view)}
          >
            <InlineSwitch
              id={id(view)}
              value={Boolean(query.views?.includes(view))}
              onChange={(event) => toggleView(view, event.currentTarget.checked)}
            />
          </InlineField>
        ))}
        <InlineField label={words.live} tooltip={words.liveTooltip} htmlFor={id('live')}>
          <InlineSwitch
            id={id('live')}
            value={Boolean(query.live)}
            onChange={(event) => choose({ live: event.currentTarget.checked || undefined })}
          />
        </InlineField>
      </InlineFieldRow>
      <InlineField
        label={words.logsQuery}
        tooltip={words.logsQueryTooltip}
        htmlFor={id('logs-query')}
        labelWidth={16}
        grow
        style={{ width: '100%' }}
      >
        <CompletingField
          id={id('logs-query')}
          value={query.logsQuery ?? ''}
          placeholder={words.logsQueryPlaceholder}
          completer={logql}
          onChange={(logsQuery) => onChange(without(query, { logsQuery: logsQuery || undefined }))}
          onRun={onRun}
        />
      </InlineField>
    </QueryOptionGroup>
  );
}

function without(query: SpanlogQuery, change: Partial<SpanlogQuery>): SpanlogQuery {
  const changed = { ...query, ...change };
  const entries = Object.entries(changed).filter(([, value]) => value !== undefined);
  return { ...Object.fromEntries(entries), refId: query.refId };
}
