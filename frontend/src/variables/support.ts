import { CustomVariableSupport, DataQueryRequest, DataQueryResponse } from '@grafana/data';
import { getTemplateSrv } from '@grafana/runtime';
import { from, map, Observable } from 'rxjs';

import { timeParams } from '../query/time';
import type { ListSource, VariableList, VariableQuery } from './types';
import { VariableEditor } from './VariableEditor';

const ARGUMENT: Record<VariableList, string | undefined> = {
  services: undefined,
  operations: 'service',
  'tag-values': 'tag',
  'log-label-values': 'name',
};

export class SpanlogVariableSupport extends CustomVariableSupport<ListSource, VariableQuery> {
  editor = VariableEditor;

  constructor(private readonly datasource: ListSource) {
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
