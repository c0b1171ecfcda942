import { DataSourceApi } from '@grafana/data';
import { DataQuery } from '@grafana/schema';

import type { ListName, Lists } from '../lists';
import { SpanlogOptions, SpanlogQuery } from '../types';

export type VariableList = Extract<ListName, 'services' | 'operations' | 'tag-values' | 'log-label-values'>;

/** Query of a dashboard variable: the values of one list. `argument` is its service, tag or label. */
export interface VariableQuery extends DataQuery {
  list?: VariableList;
  argument?: string;
}

/** What variables need of a data source. The data source class itself imports the variables. */
export interface ListSource extends DataSourceApi<SpanlogQuery, SpanlogOptions> {
  readonly lists: Lists;
}
