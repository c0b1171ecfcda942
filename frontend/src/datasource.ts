import { CoreApp, DataQueryRequest, DataQueryResponse, DataSourceInstanceSettings, ScopedVars } from '@grafana/data';
import { DataSourceWithBackend, getTemplateSrv } from '@grafana/runtime';
import { Observable } from 'rxjs';

import { isLive, watch } from './live';
import { Lists } from './lists';
import { escapeVariable } from './query/escape';
import { QUERY_TYPE_CONVERSATION, SpanlogOptions, SpanlogQuery, TraceStore } from './types';
import { SpanlogVariableSupport } from './variables/support';

export class SpanlogDatasource extends DataSourceWithBackend<SpanlogQuery, SpanlogOptions> {
  readonly traceStore: TraceStore;
  /** Names and values for completion, kept for a minute. */
  readonly lists: Lists;

  constructor(settings: DataSourceInstanceSettings<SpanlogOptions>) {
    super(settings);
    this.traceStore = settings.jsonData.traceStore ?? 'tempo';
    this.lists = new Lists((path, params) => this.getResource(path, params));
    this.variables = new SpanlogVariableSupport(this);
  }

  query(request: DataQueryRequest<SpanlogQuery>): Observable<DataQueryResponse> {
    const ask = (asked: DataQueryRequest<SpanlogQuery>) => super.query(asked);
    const replaced = (target: SpanlogQuery) => this.applyTemplateVariables(target, request.scopedVars);
    // A variable that is empty asks nothing, as an empty field does.
    const targets = request.targets.filter((target) => this.filterQuery(replaced(target)));
    const asking = { ...request, targets };
    return targets.some((target) => isLive(replaced(target))) ? watch(asking, ask) : ask(asking);
  }

  getDefaultQuery(_: CoreApp): Partial<SpanlogQuery> {
    return { query: '' };
  }

  /** A query that asks nothing is not sent. */
  filterQuery(query: SpanlogQuery): boolean {
    return !query.hide && Boolean(query.query?.trim());
  }

  applyTemplateVariables(query: SpanlogQuery, scopedVars: ScopedVars): SpanlogQuery {
    const replace = (value?: string, format: string | typeof escapeVariable = escapeVariable) =>
      value && getTemplateSrv().replace(value, scopedVars, format);
    // A conversation ID stands in no quotes, and is no regular expression.
    const format = query.queryType === QUERY_TYPE_CONVERSATION ? 'raw' : escapeVariable;
    return { ...query, query: replace(query.query, format)?.trim(), logsQuery: replace(query.logsQuery) };
  }

  interpolateVariablesInQueries(queries: SpanlogQuery[], scopedVars: ScopedVars): SpanlogQuery[] {
    return queries.map((query) => ({ ...this.applyTemplateVariables(query, scopedVars), datasource: this.getRef() }));
  }

  getQueryDisplayText(query: SpanlogQuery): string {
    return query.query ?? '';
  }
}
