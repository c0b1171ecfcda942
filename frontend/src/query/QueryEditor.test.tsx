import React, { useState } from 'react';
import { fireEvent, render, screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';

import { SpanlogDatasource } from '../datasource';
import { instanceSettings } from '../testing/settings';
import { SpanlogOptions, SpanlogQuery } from '../types';
import { QueryEditor } from './QueryEditor';

const VALUES: Record<string, string[]> = {
  tags: ['resource.service.name', 'span.gen_ai.request.model'],
  'tag-values': ['gpt-4o', 'o3'],
  services: ['checkout', 'payment'],
  operations: ['GET /', 'POST /'],
  'log-labels': ['service_name', 'namespace'],
};

/** The editor, holding the query as Explore does. */
function setUp(begin: Partial<SpanlogQuery> = {}, options: SpanlogOptions = {}) {
  const datasource = new SpanlogDatasource(instanceSettings(options));
  const getResource = jest
    .spyOn(datasource, 'getResource')
    .mockImplementation((path) => Promise.resolve({ values: VALUES[path] ?? [] }));
  const onRunQuery = jest.fn();
  let now: SpanlogQuery = { refId: 'A', ...begin };
  function Explore() {
    const [query, setQuery] = useState(now);
    now = query;
    return <QueryEditor datasource={datasource} query={query} onChange={setQuery} onRunQuery={onRunQuery} />;
  }
  render(<Explore />);
  return { user: userEvent.setup(), query: () => now, onRunQuery, getResource };
}

const field = () => screen.getByRole<HTMLTextAreaElement>('combobox', { name: 'Trace ID or TraceQL' });
const suggestions = () => screen.queryAllByRole('option').map((option) => option.textContent);
const openOptions = () => userEvent.click(screen.getByRole('button', { name: /Options/ }));

describe('QueryEditor', () => {
  it('takes a trace ID and runs it with Shift+Enter, and not before', async () => {
    const { user, query, onRunQuery, getResource } = setUp();

    await user.type(field(), '2f3e0cee');
    expect(query()).toEqual({ refId: 'A', queryType: 'traceql', query: '2f3e0cee' });
    expect(onRunQuery).not.toHaveBeenCalled();
    expect(getResource).not.toHaveBeenCalled();

    await user.keyboard('{Shift>}{Enter}{/Shift}');
    expect(onRunQuery).toHaveBeenCalledTimes(1);
    expect(query().query).toBe('2f3e0cee');
  });

  it('shows a query that another part of Grafana wrote', () => {
    setUp({ query: '{ status = error }' });
    expect(field()).toHaveValue('{ status = error }');
  });

  it('completes names and values of TraceQL from the trace store with the keyboard', async () => {
    const { user, query, getResource } = setUp();

    await user.type(field(), '{{ span.gen_ai.req');
    await waitFor(() => expect(suggestions()).toEqual(['span.gen_ai.request.model']));
    await user.keyboard('{Enter} = "');
    await waitFor(() => expect(suggestions()).toEqual(['gpt-4o', 'o3']));
    await user.keyboard('{ArrowDown}{Tab}');

    expect(query().query).toBe('{ span.gen_ai.request.model = "o3"');
    // A list each, however many keys were pressed.
    expect(getResource).toHaveBeenCalledTimes(2);
  });

  it('puts the cursor behind a suggestion that was taken in the middle', async () => {
    const { user } = setUp({ query: '{  && kind = client }' });

    field().setSelectionRange(2, 2);
    await user.type(field(), 'stat', { initialSelectionStart: 2, initialSelectionEnd: 2 });
    await waitFor(() => expect(suggestions()).toContain('status'));
    await user.keyboard('{Enter}');
    expect(field()).toHaveValue('{ status && kind = client }');
    expect(field().selectionStart).toBe('{ status'.length);
  });

  it('takes a suggestion by mouse', async () => {
    const { user, query } = setUp();

    await user.type(field(), '{{ status = ');
    await waitFor(() => expect(suggestions()).toEqual(['error', 'ok', 'unset']));
    fireEvent.mouseDown(screen.getByRole('option', { name: 'error' }));
    expect(query().query).toBe('{ status = error');
    expect(suggestions()).toEqual([]);
  });

  it('opens suggestions with Ctrl+Space and closes them with Escape', async () => {
    const { user } = setUp();
    await user.click(field());
    expect(field()).toHaveAttribute('aria-expanded', 'false');

    await user.keyboard('{Control>} {/Control}');
    await waitFor(() => expect(suggestions()).toContain('{ status = error }'));
    expect(field()).toHaveAttribute('aria-expanded', 'true');
    expect(field()).toHaveAttribute('aria-activedescendant', screen.getAllByRole('option')[0].id);

    await user.keyboard('{Escape}');
    expect(suggestions()).toEqual([]);
  });

  it('closes the suggestions when the cursor moves away from their place', async () => {
    const { user, query } = setUp();

    await user.type(field(), '{{ sta');
    await waitFor(() => expect(suggestions()).toContain('status'));
    await user.keyboard('{ArrowLeft}');
    expect(suggestions()).toEqual([]);

    await user.keyboard('t');
    await waitFor(() => expect(suggestions()).toEqual([]));
    expect(query().query).toBe('{ stta');
  });

  it('says nothing when the lists cannot be had', async () => {
    const { user, getResource } = setUp();
    getResource.mockRejectedValue(new Error('502'));

    await user.type(field(), '{{ span.gen_ai.request.model = ');
    await waitFor(() => expect(getResource).toHaveBeenCalled());
    expect(suggestions()).toEqual([]);
  });

  it('asks for a conversation', async () => {
    const { user, query, onRunQuery } = setUp({ query: '{ status = error }' });

    await user.click(screen.getByRole('radio', { name: 'Conversation' }));
    await user.type(screen.getByRole('combobox', { name: 'Conversation ID' }), 'conv-1');
    await user.keyboard('{Shift>}{Enter}{/Shift}');
    expect(query()).toEqual({ refId: 'A', queryType: 'conversation', query: 'conv-1' });
    expect(onRunQuery).toHaveBeenCalledTimes(1);
  });

  it('offers the transcript of a run, and of nothing else', async () => {
    setUp({ query: '2f3e0cee', minLevel: 'warn' });
    const link = screen.getByRole('link', { name: 'Markdown' });
    expect(link).toHaveAttribute('download', '2f3e0cee.md');
    expect(link.getAttribute('href')).toMatch(
      /\/api\/datasources\/uid\/spanlog\/resources\/transcript\?traceId=2f3e0cee&format=markdown&minLevel=warn$/
    );

    fireEvent.change(field(), { target: { value: '{ status = error }' } });
    expect(screen.queryByRole('link')).not.toBeInTheDocument();
  });

  it('does not offer TraceQL where the trace store has none', () => {
    setUp({}, { traceStore: 'jaeger' });
    expect(screen.getByRole('radio', { name: 'Trace' })).toBeInTheDocument();
    expect(screen.queryByText(/TraceQL/)).not.toBeInTheDocument();
  });
});

describe('the search builder', () => {
  it('writes TraceQL from what is chosen', async () => {
    const { user, query, onRunQuery, getResource } = setUp();

    await user.click(screen.getByRole('radio', { name: 'Search' }));
    expect(query()).toMatchObject({ query: '{ }', search: {} });

    await user.click(screen.getByLabelText('Service'));
    await user.click(await screen.findByRole('option', { name: 'payment' }));
    await user.click(screen.getByLabelText('Operation'));
    await user.click(await screen.findByRole('option', { name: 'GET /' }));
    expect(getResource).toHaveBeenCalledWith('operations', { service: 'payment' });
    fireEvent.change(screen.getByLabelText('Min duration'), { target: { value: '2s' } });
    expect(query().query).toBe('{ resource.service.name = "payment" && name = "GET /" } && { traceDuration >= 2s }');
    expect(screen.getByText(query().query ?? '')).toBeInTheDocument();
    expect(onRunQuery).not.toHaveBeenCalled();

    await user.click(screen.getByRole('button', { name: 'Search' }));
    expect(onRunQuery).toHaveBeenCalledTimes(1);
  });

  it('asks once for a list whose field is typed in', async () => {
    const { user, getResource } = setUp({ query: '{ }', search: {} });

    await user.click(screen.getByLabelText('Service'));
    await user.type(screen.getByLabelText('Service'), 'pay');
    expect(await screen.findByRole('option', { name: 'payment' })).toBeInTheDocument();
    expect(getResource).toHaveBeenCalledTimes(1);
  });

  it('takes a value that no list has, such as a variable', async () => {
    const { user, query } = setUp({ query: '{ }', search: {} });

    await user.type(screen.getByLabelText('Model'), '$model');
    await user.click(await screen.findByRole('option', { name: /Use what was typed/ }));
    expect(query().search).toEqual({ model: '$model' });
    expect(query().query).toContain('span.gen_ai.request.model =~ "$model"');
  });

  it('writes words for a store without a query language', async () => {
    const { query } = setUp({ query: '', search: {} }, { traceStore: 'zipkin' });

    fireEvent.change(screen.getByLabelText('Max duration'), { target: { value: '1s' } });
    expect(query().query).toBe('maxDuration=1s');
  });

  it.each([
    ['tempo', ['error', 'ok', 'unset']],
    ['jaeger', ['error']],
  ] as const)('offers the statuses that %s can find', async (traceStore, statuses) => {
    const { user } = setUp({ query: traceStore === 'tempo' ? '{ }' : '', search: {} }, { traceStore });

    await user.click(screen.getByLabelText('Status'));
    await waitFor(() => expect(suggestions()).toEqual(statuses));
  });

  it('says what is wrong with a duration', () => {
    setUp({ query: '{ }', search: {} });
    fireEvent.change(screen.getByLabelText('Min duration'), { target: { value: 'long' } });
    expect(screen.getByText('A duration like 1.2s or 100ms')).toBeInTheDocument();
  });
});

describe('the options', () => {
  it('say in one line what is not as usual', () => {
    setUp({
      query: 'a',
      history: 'delta',
      lanes: 'service',
      minLevel: 'warn',
      limit: 5,
      views: ['trace', 'table'],
      live: true,
    });
    for (const line of [
      'Logs: All',
      'History: New only',
      'Rows by: Service',
      'Level: warn and above',
      'Limit: 5',
      'Also: Table',
      'Live',
    ]) {
      expect(screen.getByText(line)).toBeInTheDocument();
    }
  });

  it('take effect at once, and leave the query when they are as usual again', async () => {
    const { user, query, onRunQuery } = setUp({ query: 'a' });
    await openOptions();

    await user.click(screen.getByRole('radio', { name: 'Messages' }));
    expect(query()).toEqual({ refId: 'A', query: 'a', logs: 'messages' });
    expect(onRunQuery).toHaveBeenCalledTimes(1);

    await user.click(screen.getByRole('radio', { name: 'All' }));
    expect(query()).toEqual({ refId: 'A', query: 'a' });
  });

  it('take a limit when its field is left or Enter is pressed, not at each digit', async () => {
    const { user, query, onRunQuery } = setUp({ query: 'a' });
    await openOptions();

    await user.type(screen.getByLabelText('Limit'), '50');
    expect(onRunQuery).not.toHaveBeenCalled();
    await user.keyboard('{Enter}');
    expect(query().limit).toBe(50);
    expect(onRunQuery).toHaveBeenCalledTimes(1);

    await user.clear(screen.getByLabelText('Limit'));
    await user.tab();
    expect(query()).not.toHaveProperty('limit');
    expect(onRunQuery).toHaveBeenCalledTimes(2);
  });

  it('ask for more views, always after the trace', async () => {
    const { user, query } = setUp({ query: 'a' });
    await openOptions();

    await user.click(screen.getByLabelText('Table'));
    await user.click(screen.getByLabelText('Also show: Logs'));
    expect(query().views).toEqual(['trace', 'logs', 'table']);

    await user.click(screen.getByLabelText('Table'));
    await user.click(screen.getByLabelText('Also show: Logs'));
    expect(query()).not.toHaveProperty('views');
  });

  it('complete the logs query from Loki', async () => {
    const { user, query, onRunQuery } = setUp({ query: 'a' });
    await openOptions();

    await user.type(screen.getByRole('combobox', { name: 'Logs query' }), '{{serv');
    await waitFor(() => expect(suggestions()).toEqual(['service_name']));
    await user.keyboard('{Enter}');
    expect(query().logsQuery).toBe('{service_name');
    expect(onRunQuery).not.toHaveBeenCalled();
  });

  it('have a label on every control', async () => {
    setUp({ query: '{ }', search: {} });
    await openOptions();
    const controls = document.querySelectorAll('input, textarea, button');
    expect(controls.length).toBeGreaterThan(20);
    for (const control of controls) {
      expect(control).toHaveAccessibleName();
    }
  });
});
