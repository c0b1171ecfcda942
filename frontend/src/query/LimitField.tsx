import React, { useState } from 'react';
import { InlineField, Input } from '@grafana/ui';

import { text } from '../text';

interface Props {
  id: string;
  value?: number;
  /** Called when the field is left or Enter is pressed, not while a number is typed. */
  onChange: (limit: number | undefined) => void;
}

const words = text.query.options;

export function LimitField({ id, value, onChange }: Props) {
  // Undefined: nothing was typed since the field was left.
  const [typed, setTyped] = useState<string>();

  const take = () => {
    const number = Number.parseInt(typed ?? '', 10);
    const limit = number > 0 ? number : undefined;
    if (typed !== undefined && limit !== value) {
      onChange(limit);
    }
    setTyped(undefined);
  };

  return (
    <InlineField label={words.limit} tooltip={words.limitTooltip} htmlFor={id}>
      <Input
        id={id}
        type="number"
        min={1}
        width={12}
        placeholder={words.choices.default}
        value={typed ?? value ?? ''}
        onChange={(event) => setTyped(event.currentTarget.value)}
        onKeyDown={(event) => event.key === 'Enter' && take()}
        onBlur={take}
      />
    </InlineField>
  );
}
