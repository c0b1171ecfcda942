import { CoreApp, DataQueryRequest, DataQueryResponse, LoadingState, ScopedVars } from '@grafana/data';
import { DataSourceWithBackend, setTemplateSrv, TemplateSrv } from '@grafana/runtime';
import { firstValueFrom, of } from 'rxjs';

import { SpanlogDatasource } from './datasource';
import { instanceSettings } from './testing/settings';
import { SpanlogQuery } from './types';
import { SpanlogVariableSupport } from './variables/support';
import { VariableQuery } from './variables/types';

type Format = 'raw' | ((value: unknown, variable: { multi?: boolean }) => string);

const VARIABLES: Record<string, { value: unknown; multi?: boolean }> = {
  trace: { value: ' 2f3e0cee ' },
  service: { value: ['shop', 'a.b'], multi: true },
  quote: { value: 'a"b' },
  nothing: { value: '' },
};

function formatted(name: string, format: Format) {
  const variable = VARIABLES[name];
  return format === 'raw' ? String(variable.value) : format(variable.value, variable);
}

beforeEach(() => {
  setTemplateSrv({
    replace: (text = '', _: ScopedVars, format: Format) =>
      text.replace(/\$(\w+)/g, (whole, name) => (VARIABLES[name] ? formatted(name, format) : whole)),
  } as unknown as TemplateSrv);
});

afterEach(() => jest.restoreAllMocks());

const datasource = () => new SpanlogDatasource(instanceSettings());
const query = (changed: Partial<SpanlogQuery>): SpanlogQuery => ({ refId: 'A', ...changed });

describe('SpanlogDatasource', () => {
  it('replaces variables in the query and in the logs query', () => {
    const replaced = datasource().applyTemplateVariables(
      query({ query: '{ resource.service.name =~ "$service" }', logsQuery: '{app="$quote"} |= "${__trace.traceId}"' }),
      {}
    );
    expect(replaced.query).toBe('{ resource.service.name =~ "shop|a\\\\.b" }');
    expect(replaced.logsQuery).toBe('{app="a\\"b"} |= "${__trace.traceId}"');
  });

  it('trims a trace ID that a variable or a clipboard brought', () => {
    expect(datasource().applyTemplateVariables(query({ query: '$trace' }), {}).query).toBe('2f3e0cee');
  });

  it('keeps keys that it does not know', () => {
    const replaced = datasource().applyTemplateVariables(
      { ...query({ query: 'a' }), filters: [1] } as SpanlogQuery,
      {}
    );
    expect(replaced).toHaveProperty('filters', [1]);
  });

  it('does not send a query that is empty or hidden', () => {
    expect(datasource().filterQuery(query({ query: ' ' }))).toBe(false);
    expect(datasource().filterQuery(query({}))).toBe(false);
    expect(datasource().filterQuery(query({ query: 'abc', hide: true }))).toBe(false);
    expect(datasource().filterQuery(query({ query: 'abc' }))).toBe(true);
  });

  it('begins with an empty query, so that Explore sends nothing by itself', () => {
    const begin = { refId: 'A', ...datasource().getDefaultQuery(CoreApp.Explore) };
    expect(datasource().filterQuery(begin)).toBe(false);
  });

  it('names itself in queries that are handed on', () => {
    const [handed] = datasource().interpolateVariablesInQueries([query({ query: '$trace' })], {});
    expect(handed).toMatchObject({
      query: '2f3e0cee',
      datasource: { uid: 'spanlog', type: 'spanlog-trace-datasource' },
    });
  });

  it('asks the backend once for a query that is not live', async () => {
    const answer: DataQueryResponse = { data: [], state: LoadingState.Done };
    const ask = jest.spyOn(DataSourceWithBackend.prototype, 'query').mockReturnValue(of(answer));
    const request = { targets: [query({ query: 'abc' })] } as DataQueryRequest<SpanlogQuery>;

    expect(await firstValueFrom(datasource().query(request))).toBe(answer);
    expect(ask).toHaveBeenCalledTimes(1);
  });

  it('does not send a query whose variable is empty', async () => {
    const ask = jest.spyOn(DataSourceWithBackend.prototype, 'query').mockReturnValue(of({ data: [] }));
    const targets = [query({ query: '$nothing' }), query({ refId: 'B', query: '$trace' })];

    await firstValueFrom(datasource().query({ targets } as DataQueryRequest<SpanlogQuery>));
    // What is sent keeps its variables: they are replaced once, on the way out.
    expect(ask).toHaveBeenCalledWith(expect.objectContaining({ targets: [targets[1]] }));
  });

  it('watches a live query whose trace a variable names', async () => {
    jest.spyOn(DataSourceWithBackend.prototype, 'query').mockReturnValue(of({ data: [], state: LoadingState.Done }));
    const request = { targets: [query({ query: '$trace', live: true })] } as DataQueryRequest<SpanlogQuery>;

    expect((await firstValueFrom(datasource().query(request))).state).toBe(LoadingState.Streaming);
  });

  it('takes a conversation ID from a variable as it is', () => {
    const replaced = datasource().applyTemplateVariables(query({ query: '$quote', queryType: 'conversation' }), {});
    expect(replaced.query).toBe('a"b');
  });

  it('watches a query that is live', async () => {
    jest.spyOn(DataSourceWithBackend.prototype, 'query').mockReturnValue(of({ data: [], state: LoadingState.Done }));
    const request = { targets: [query({ query: 'abc', live: true })] } as DataQueryRequest<SpanlogQuery>;

    expect((await firstValueFrom(datasource().query(request))).state).toBe(LoadingState.Streaming);
  });

  it('lists values for dashboard variables', async () => {
    const ds = datasource();
    const getResource = jest.spyOn(ds, 'getResource').mockResolvedValue({ values: ['gpt-4o'] });
    const request = { targets: [{ refId: 'v', list: 'tag-values', argument: 'span.model' }], scopedVars: {} };

    const variables = new SpanlogVariableSupport(ds);
    const response = await firstValueFrom(variables.query(request as unknown as DataQueryRequest<VariableQuery>));
    expect(response).toEqual({ data: [{ text: 'gpt-4o' }] });
    expect(getResource).toHaveBeenCalledWith('tag-values', { tag: 'span.model' });
  });
});
