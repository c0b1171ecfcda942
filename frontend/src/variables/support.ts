import { CustomVariableSupport, DataQueryRequest, DataQueryResponse } from '@grafana/data';
import { getTemplateSrv } from '@grafana/runtime';
import { DataQuery } from '@grafana/schema';
import { from, map, Observable } from 'rxjs';

import type { SpanlogDatasource } from '../datasource';
import { ListName } from '../lists';
import { timeParams } from '../query/time';
import { VariableEditor } from './VariableEditor';

export type VariableList = Extract<ListName, 'services' | 'operations' | 'tag-values' | 'log-label-values'>;

/** Query of a dashboard variable: the values of one list. `argument` is its service, tag or label. */
export interface VariableQuery extends DataQuery {
  list?: VariableList;
  argument?: string;
}

const ARGUMENT: Record<VariableList, string | undefined> = {
  services: undefined,
  operations: 'service',
  'tag-values': 'tag',
  'log-label-values': 'name',
};

export class SpanlogVariableSupport extends CustomVariableSupport<SpanlogDatasource, VariableQuery> {
  editor = VariableEditor;

  constructor(private readonly datasource: SpanlogDatasource) {
    super();
  }

  query(request: DataQueryRequest<VariableQuery>): Observable<DataQueryResponse> {
    const { list = 'services', argument } = request.targets[0] ?? {};
    const name = ARGUMENT[list];
    const value = argument && getTemplateSrv().replace(argument, request.scopedVars);
    const params = { ...(name && value ? { [name]: value } : {}), ...timeParams(request.range) };
    return from(this.datasource.lists.get(list, params)).pipe(
      map((values) => ({ data: values.map((text) => ({ text })) }))
    );
  }
}
