import React from 'react';
import { ConfigSection } from '@grafana/plugin-ui';
import { Button, Field, IconButton, Input } from '@grafana/ui';
import { css } from '@emotion/css';

import { text } from '../text';
import { Price } from '../types';
import { SectionProps } from './section';

const words = text.config.prices;
const row = css({ display: 'flex', gap: 8, alignItems: 'end' });

type Amount = Exclude<keyof Price, 'model'>;

const AMOUNTS: Amount[] = ['input', 'output', 'cacheRead', 'cacheWrite'];
const isOptional = (amount: Amount) => amount === 'cacheRead' || amount === 'cacheWrite';

/** The price table: cost of calls whose trace carries none. */
export function PricesSection({ options, readOnly, change }: SectionProps) {
  const prices = options.prices ?? [];
  const set = (changed: Price[]) => change({ prices: changed.length > 0 ? changed : undefined });
  const replace = (index: number, changed: Partial<Price>) =>
    set(prices.map((price, at) => (at === index ? { ...price, ...changed } : price)));

  return (
    <ConfigSection title={words.title} description={words.description} isCollapsible isInitiallyOpen={false}>
      {prices.map((price, index) => (
        <div key={index} className={row}>
          <Field label={index === 0 ? words.model : undefined} disabled={readOnly}>
            <Input
              aria-label={`${words.model} ${index + 1}`}
              width={28}
              value={price.model}
              placeholder="gpt-4o*"
              onChange={(event) => replace(index, { model: event.currentTarget.value })}
            />
          </Field>
          {AMOUNTS.map((amount) => (
            <Field key={amount} label={index === 0 ? words[amount] : undefined} disabled={readOnly}>
              <Input
                aria-label={`${words[amount]} ${index + 1}`}
                type="number"
                min={0}
                step="any"
                width={14}
                value={price[amount] ?? ''}
                placeholder={isOptional(amount) ? words.asInput : '0'}
                onChange={(event) => {
                  const typed = Number.parseFloat(event.currentTarget.value);
                  const empty = isOptional(amount) ? undefined : 0;
                  replace(index, { [amount]: Number.isNaN(typed) ? empty : typed });
                }}
              />
            </Field>
          ))}
          <Field disabled={readOnly}>
            <IconButton
              name="trash-alt"
              size="lg"
              type="button"
              aria-label={`${words.remove} ${index + 1}`}
              disabled={readOnly}
              onClick={() => set(prices.filter((_, at) => at !== index))}
            />
          </Field>
        </div>
      ))}
      <Button
        type="button"
        variant="secondary"
        size="sm"
        icon="plus"
        disabled={readOnly}
        onClick={() => set([...prices, { model: '', input: 0, output: 0 }])}
      >
        {words.add}
      </Button>
    </ConfigSection>
  );
}
