import React, { ComponentType, useState } from 'react';
import { fireEvent, render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';

import { SpanlogOptions } from '../types';
import { CorrelationSection } from './CorrelationSection';
import { LimitsSection } from './LimitsSection';
import { MessagesSection } from './MessagesSection';
import { PolicySection } from './PolicySection';
import { PricesSection } from './PricesSection';
import { SectionProps } from './section';

/** One section, open, holding what is typed. */
function setUp(Section: ComponentType<SectionProps>) {
  let now: SpanlogOptions = {};
  function Page() {
    const [options, setOptions] = useState<SpanlogOptions>({});
    now = options;
    return <Section options={options} readOnly={false} change={(changed) => setOptions({ ...options, ...changed })} />;
  }
  render(<Page />);
  fireEvent.click(screen.getByLabelText(/^Expand section/));
  return { user: userEvent.setup(), now: () => now };
}

const fill = (field: HTMLElement, value: string) => fireEvent.change(field, { target: { value } });

describe('a section of the config editor', () => {
  it('edits how records are found', async () => {
    const { user, now } = setUp(CorrelationSection);
    fill(screen.getByLabelText('Start shift'), '-1h');
    fill(screen.getByLabelText('Records at most'), '200');
    await user.click(screen.getByRole('button', { name: 'Add label' }));
    fill(screen.getByLabelText('Resource attribute 1'), 'service.name');
    fill(screen.getByLabelText('Loki label 1'), 'job');
    expect(now().logs).toMatchObject({
      startShift: '-1h',
      maxRecords: 200,
      tags: [{ key: 'service.name', value: 'job' }],
    });

    await user.click(screen.getByRole('button', { name: 'Remove label 1' }));
    expect(now().logs).not.toHaveProperty('tags');
  });

  it('says what is wrong with a duration, a pattern and a number', async () => {
    setUp(CorrelationSection);
    fill(screen.getByLabelText('End shift'), 'soon');
    expect(screen.getByText('A duration like -5m, 1h30m or 500ms')).toBeInTheDocument();
    fill(screen.getByLabelText('Trace ID pattern'), 'trace=abc');
    expect(screen.getByText(/A regular expression with one group/)).toBeInTheDocument();
    fill(screen.getByLabelText('Records at most'), '0');
    expect(screen.getByText('A whole number from 1 to 1000000')).toBeInTheDocument();
  });

  it('edits messages and the label after span names', async () => {
    const { user, now } = setUp(MessagesSection);
    await user.click(screen.getByRole('radio', { name: 'New only' }));
    await user.click(screen.getByRole('radio', { name: 'Tag' }));
    expect(now()).toMatchObject({
      messages: { history: 'delta' },
      spanBar: { type: 'Tag', tag: 'summary' },
    });
  });

  it('edits prices', async () => {
    const { user, now } = setUp(PricesSection);
    await user.click(screen.getByRole('button', { name: 'Add price' }));
    fill(screen.getByLabelText('Model 1'), 'gpt-4o*');
    fill(screen.getByLabelText('Input 1'), '2.5');
    fill(screen.getByLabelText('Cache read 1'), '1');
    fill(screen.getByLabelText('Cache read 1'), '');
    expect(now().prices).toEqual([{ model: 'gpt-4o*', input: 2.5, output: 0, cacheRead: undefined }]);

    await user.click(screen.getByRole('button', { name: 'Remove price 1' }));
    expect(now().prices).toBeUndefined();
  });

  it('edits the content policy', async () => {
    const { user, now } = setUp(PolicySection);
    await user.click(screen.getByRole('button', { name: 'Add rule' }));
    fill(screen.getByLabelText('What to redact 1'), 'cust-[0-9]+');
    fill(screen.getByLabelText('Name 1'), 'customer');
    await user.click(screen.getByLabelText('Redact: E-mail addresses'));
    await user.click(screen.getByLabelText('Viewer'));
    await user.click(await screen.findByRole('option', { name: 'Preview' }));
    await user.click(screen.getByLabelText('Show media'));
    expect(now().policy).toEqual({
      redact: [{ builtin: 'emails' }, { regex: 'cust-[0-9]+', name: 'customer' }],
      levels: { Viewer: 'preview' },
      media: false,
    });

    await user.click(screen.getByLabelText('Kind'));
    await user.click(await screen.findByRole('option', { name: 'Attribute' }));
    expect(now().policy?.redact).toEqual([{ builtin: 'emails' }, { attribute: 'cust-[0-9]+' }]);

    await user.click(screen.getByRole('button', { name: 'Remove rule 1' }));
    await user.click(screen.getByLabelText('Redact: E-mail addresses'));
    expect(now().policy).toEqual({ levels: { Viewer: 'preview' }, media: false });
  });

  it('leaves no empty sections behind', async () => {
    const { now } = setUp(LimitsSection);
    fill(screen.getByLabelText('Spans'), '9');
    expect(now().limits).toEqual({ spans: 9 });
    fill(screen.getByLabelText('Spans'), '');
    expect(now().limits).toBeUndefined();
  });
});
