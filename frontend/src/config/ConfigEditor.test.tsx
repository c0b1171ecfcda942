import React, { useState } from 'react';
import { fireEvent, render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { DataSourceSettings } from '@grafana/data';
import { DataSourceSrv, setDataSourceSrv } from '@grafana/runtime';

import { settings } from '../testing/settings';
import { SpanlogOptions, SpanlogSecrets } from '../types';
import { ConfigEditor } from './ConfigEditor';

type Settings = DataSourceSettings<SpanlogOptions, SpanlogSecrets>;

beforeAll(() => {
  setDataSourceSrv({ getList: () => [], getInstanceSettings: () => undefined } as unknown as DataSourceSrv);
});

/** The editor, holding what is typed as Grafana's page does. */
function setUp(begin: Settings = settings()) {
  let now = begin;
  function Page() {
    const [options, setOptions] = useState(begin);
    now = options;
    return <ConfigEditor options={options} onOptionsChange={setOptions} />;
  }
  render(<Page />);
  const open = (title: string) => userEvent.click(screen.getByRole('button', { name: `Expand section ${title}` }));
  return { user: userEvent.setup(), now: () => now, open };
}

const fill = (field: HTMLElement, value: string) => fireEvent.change(field, { target: { value } });

describe('ConfigEditor', () => {
  it('edits the URL and the kind of the trace store', async () => {
    const { user, now } = setUp(settings({ url: '' }));

    fill(screen.getByLabelText('Data source connection URL'), 'http://jaeger:16686');
    await user.click(screen.getByRole('radio', { name: 'Jaeger' }));
    expect(now()).toMatchObject({ url: 'http://jaeger:16686', jsonData: { traceStore: 'jaeger' } });
  });

  it('edits the URL of Loki apart from the URL of the trace store', async () => {
    const { now } = setUp();

    fill(screen.getByLabelText('Loki URL'), 'http://loki:3100');
    expect(now().jsonData.logs).toMatchObject({ url: 'http://loki:3100' });
    expect(now().url).toBe('http://tempo:3200');
  });

  it('has one element for each id, though both stores have the same editors', async () => {
    const { user } = setUp(
      settings({ basicAuth: true, jsonData: { tlsAuth: true, logs: { basicAuth: true, tlsAuth: true } } })
    );
    for (const button of screen.getAllByRole('button', { name: 'Expand section Additional HTTP settings' })) {
      await user.click(button);
    }

    const ids = [...document.querySelectorAll('[id]')].map(({ id }) => id);
    expect(ids.filter((id, index) => ids.indexOf(id) !== index)).toEqual([]);
    expect(ids).toContain('basic-auth-user-input');
    expect(ids).toContain('logs-basic-auth-user-input');
  });

  it('keeps the passwords of both stores apart', async () => {
    const { now } = setUp(settings({ basicAuth: true, jsonData: { logs: { basicAuth: true } } }));
    const [traces, logs] = screen.getAllByPlaceholderText('Password');

    fill(traces, 'a');
    fill(logs, 'b');
    expect(now().secureJsonData).toEqual({ basicAuthPassword: 'a', logsBasicAuthPassword: 'b' });
  });

  it('hides the authentication of Loki when it is that of the trace store', async () => {
    const { user, now } = setUp();
    expect(screen.getAllByText('Authentication')).toHaveLength(2);

    await user.click(screen.getByLabelText('Connect as to the trace store'));
    expect(screen.getAllByText('Authentication')).toHaveLength(1);
    expect(now().jsonData.logs).toMatchObject({ sameAsTraces: true });
  });

  it('offers no method that the backend does not know', async () => {
    const { user } = setUp();
    const [method] = screen.getAllByRole('combobox');
    await user.click(method);

    expect(screen.getByText('Forward OAuth Identity')).toBeInTheDocument();
    expect(screen.queryByText('Enable cross-site access control requests')).not.toBeInTheDocument();
  });

  it('keeps keys that it has no control for', async () => {
    const { user, now, open } = setUp(settings({ jsonData: { traceQuery: { on: 1 } } as never }));
    await open('Messages');

    await user.click(screen.getByRole('radio', { name: 'New only' }));
    expect(now().jsonData).toHaveProperty('traceQuery', { on: 1 });
  });

  it('can only be read when it was provisioned', async () => {
    const { open } = setUp(
      settings({
        readOnly: true,
        jsonData: {
          logs: { tags: [{ key: 'a', value: 'b' }] },
          prices: [{ model: 'm', input: 1, output: 1 }],
          policy: { redact: [{ regex: 'a' }] },
        },
      })
    );
    for (const title of [
      'Finding the logs of a trace',
      'Messages',
      'Prices',
      'Limits',
      'Links to other data sources',
    ]) {
      await open(title);
    }

    const controls = [...document.querySelectorAll<HTMLElement>('input, textarea, button')];
    // What opens and closes a section, or explains, still works.
    const writes = controls.filter((control) => !/section|Help/.test(control.getAttribute('aria-label') ?? ''));
    expect(writes.length).toBeGreaterThan(30);
    for (const control of writes) {
      expect(control).toBeDisabled();
    }
  });

  it('has a label on every control', async () => {
    const { open } = setUp(
      settings({
        jsonData: {
          logs: { tags: [{ key: 'a', value: 'b' }] },
          prices: [{ model: 'm', input: 1, output: 1 }],
          policy: { redact: [{ regex: 'a' }] },
        },
      })
    );
    for (const title of [
      'Finding the logs of a trace',
      'Messages',
      'Prices',
      'Limits',
      'Links to other data sources',
    ]) {
      await open(title);
    }

    const controls = document.querySelectorAll('input, textarea, button');
    expect(controls.length).toBeGreaterThan(30);
    for (const control of controls) {
      expect(control).toHaveAccessibleName();
    }
  });
});
