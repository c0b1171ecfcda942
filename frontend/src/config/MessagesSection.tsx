import React from 'react';
import { ConfigSection } from '@grafana/plugin-ui';

import { text } from '../text';
import { SpanlogOptions } from '../types';
import { ChoiceField, NumberField, TextField } from './fields';
import { compact, SectionProps } from './section';

const words = text.config.messages;
const choices = text.config.choices;

type Messages = NonNullable<SpanlogOptions['messages']>;
type SpanBarType = NonNullable<NonNullable<SpanlogOptions['spanBar']>['type']>;

/** How records and messages are shown. */
export function MessagesSection({ options, readOnly, change }: SectionProps) {
  const messages = options.messages ?? {};
  const spanBar = options.spanBar;
  const set = (changed: Partial<Messages>) => change({ messages: compact({ ...messages, ...changed }) });

  return (
    <ConfigSection title={words.title} description={words.description} isCollapsible isInitiallyOpen={false}>
      <ChoiceField
        label={words.lanes}
        tooltip={words.lanesTooltip}
        value={messages.lanes ?? 'role'}
        options={[
          { value: 'role', label: choices.role },
          { value: 'service', label: choices.service },
        ]}
        readOnly={readOnly}
        onChange={(lanes) => set({ lanes })}
      />
      <ChoiceField
        label={words.history}
        tooltip={words.historyTooltip}
        value={messages.history ?? 'full'}
        options={[
          { value: 'full', label: choices.full },
          { value: 'delta', label: choices.delta },
        ]}
        readOnly={readOnly}
        onChange={(history) => set({ history })}
      />
      <NumberField
        id="messages-preview-chars"
        label={words.previewChars}
        tooltip={words.previewCharsTooltip}
        value={messages.previewChars}
        placeholder="160"
        range={[10, 2000]}
        readOnly={readOnly}
        onChange={(previewChars) => set({ previewChars })}
      />
      <ChoiceField<SpanBarType>
        label={words.spanBar}
        tooltip={words.spanBarTooltip}
        value={spanBar?.type ?? 'Duration'}
        options={[
          { value: 'None', label: choices.none },
          { value: 'Duration', label: choices.duration },
          { value: 'Tag', label: choices.tag },
        ]}
        readOnly={readOnly}
        onChange={(type) => change({ spanBar: type === 'Tag' ? { type, tag: spanBar?.tag ?? 'summary' } : { type } })}
      />
      {spanBar?.type === 'Tag' && (
        <TextField
          id="span-bar-tag"
          label={words.spanBarTag}
          tooltip={words.spanBarTagTooltip}
          value={spanBar.tag}
          placeholder="summary"
          readOnly={readOnly}
          onChange={(tag) => change({ spanBar: { type: 'Tag', tag } })}
        />
      )}
    </ConfigSection>
  );
}
