// A page with as much of Grafana around the plugin as its editors need: theme, services, and the state that Explore and
// the data source page hold. Which editor it shows is in the address: ?view=config|query|variable|help.

import React, { useState } from 'react';
import * as ReactAll from 'react';
import * as ReactDOM from 'react-dom';
import { createRoot } from 'react-dom/client';
import * as emotion from '@emotion/css';
import * as data from '@grafana/data';
import * as runtime from '@grafana/runtime';
import * as ui from '@grafana/ui';
import * as i18next from 'i18next';
import lodash from 'lodash';
import * as rxjs from 'rxjs';

import { loadPlugin } from './loader';

const ID = 'spanlog-trace-datasource';

/** What Grafana 12 gives plugins, as far as ours may use it. */
const PROVIDED: Record<string, unknown> = {
  react: ReactAll,
  'react-dom': ReactDOM,
  '@emotion/css': emotion,
  '@grafana/data': data,
  '@grafana/runtime': runtime,
  '@grafana/ui': ui,
  i18next,
  lodash,
  rxjs,
};

const address = new URLSearchParams(location.search);
const jsonData = JSON.parse(address.get('jsonData') ?? '{}');

async function ask(url: string, params: Record<string, string> = {}, body?: unknown) {
  const query = new URLSearchParams(params).toString();
  const response = await fetch(query ? `${url}?${query}` : url, {
    method: body ? 'POST' : 'GET',
    body: body ? JSON.stringify(body) : undefined,
  });
  const answer = await response.json();
  if (!response.ok) {
    throw { status: response.status, data: answer };
  }
  return answer;
}

runtime.setBackendSrv({
  get: ask,
  fetch: (options: runtime.BackendSrvRequest) =>
    rxjs.from(ask(options.url, {}, options.data)).pipe(rxjs.map((answer) => ({ data: answer, status: 200 }))),
} as unknown as runtime.BackendSrv);
runtime.setTemplateSrv({ replace: (text?: string) => text ?? '' } as unknown as runtime.TemplateSrv);
runtime.setDataSourceSrv({
  getList: () => [],
  getInstanceSettings: () => undefined,
} as unknown as runtime.DataSourceSrv);

const settings = {
  id: 1,
  uid: 'spanlog',
  type: ID,
  name: 'Spanlog',
  url: 'http://tempo:3200',
  access: 'proxy' as const,
  readOnly: address.has('readOnly'),
  jsonData,
  secureJsonFields: {},
  meta: { id: ID, name: 'Spanlog', type: data.PluginType.datasource, module: '', baseUrl: '', info: {} },
};

type Plugin = data.DataSourcePlugin<data.DataSourceApi>;

function Show({ plugin }: { plugin: Plugin }) {
  const { ConfigEditor, QueryEditor, QueryEditorHelp } = plugin.components;
  const [datasource] = useState(() => new plugin.DataSourceClass(settings as never));
  const [options, setOptions] = useState<unknown>(settings);
  const [query, setQuery] = useState<data.DataQuery>({ refId: 'A', ...JSON.parse(address.get('query') ?? '{}') });
  const [answer, setAnswer] = useState<data.DataQueryResponse>();
  const state = React.useRef(query);

  const change = (next: data.DataQuery) => {
    state.current = next;
    setQuery(next);
  };
  const run = () => {
    const range = data.getDefaultTimeRange();
    const request = { requestId: 'Q1', app: data.CoreApp.Explore, targets: [state.current], range, scopedVars: {} };
    rxjs.from(datasource.query(request as never) as rxjs.Observable<data.DataQueryResponse>).subscribe(setAnswer);
  };

  const views: Record<string, React.ReactNode> = {
    config: ConfigEditor && <ConfigEditor options={options as never} onOptionsChange={setOptions} />,
    query: QueryEditor && (
      <QueryEditor
        datasource={datasource}
        query={query}
        onChange={change}
        onRunQuery={run}
        app={data.CoreApp.Explore}
      />
    ),
    help: QueryEditorHelp && <QueryEditorHelp datasource={datasource} query={query} onClickExample={change as never} />,
  };
  const support = datasource.variables as unknown as { editor: React.ComponentType<Record<string, unknown>> };
  views.variable = <support.editor datasource={datasource} query={query} onChange={change} onRunQuery={run} />;

  return (
    <>
      <div id="view">{views[address.get('view') ?? 'query']}</div>
      <pre id="state">{JSON.stringify(address.get('view') === 'config' ? options : query, null, 1)}</pre>
      <pre id="answer">
        {answer && JSON.stringify({ state: answer.state, rows: answer.data.map((frame) => frame.length) })}
      </pre>
    </>
  );
}

const theme = data.createTheme({ colors: { mode: address.has('light') ? 'light' : 'dark' } });
runtime.config.theme2 = theme;

loadPlugin(`/public/plugins/${ID}/module.js`, PROVIDED).then(
  ({ exports, dependencies }) => {
    Object.assign(window, { spanlogDependencies: dependencies });
    createRoot(document.getElementById('root')!).render(
      <data.ThemeContext.Provider value={theme}>
        <ui.GlobalStyles />
        <ui.PortalContainer />
        <Show plugin={exports.plugin as Plugin} />
      </data.ThemeContext.Provider>
    );
  },
  (error: Error) => {
    document.getElementById('root')!.textContent = `failed: ${error.message}`;
  }
);
