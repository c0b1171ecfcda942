import { DataSourcePlugin } from '@grafana/data';

import { ConfigEditor } from './config/ConfigEditor';
import { SpanlogDatasource } from './datasource';
import { CheatSheet } from './query/CheatSheet';
import { QueryEditor } from './query/QueryEditor';
import { SpanlogOptions, SpanlogQuery, SpanlogSecrets } from './types';

export const plugin = new DataSourcePlugin<SpanlogDatasource, SpanlogQuery, SpanlogOptions, SpanlogSecrets>(
  SpanlogDatasource
)
  .setConfigEditor(ConfigEditor)
  .setQueryEditor(QueryEditor)
  .setQueryEditorHelp(CheatSheet);
