import { DataSourceInstanceSettings, DataSourceSettings, PluginType } from '@grafana/data';

import { SpanlogOptions, SpanlogSecrets } from '../types';

/** A data source as Grafana hands it to the data source class. */
export function instanceSettings(jsonData: SpanlogOptions = {}): DataSourceInstanceSettings<SpanlogOptions> {
  const logos = { small: '', large: '' };
  return {
    id: 1,
    uid: 'spanlog',
    type: 'spanlog-trace-datasource',
    name: 'Spanlog',
    access: 'proxy',
    readOnly: false,
    jsonData,
    meta: {
      id: 'spanlog-trace-datasource',
      name: 'Spanlog',
      type: PluginType.datasource,
      module: '',
      baseUrl: '',
      info: { author: { name: '' }, description: '', links: [], logos, screenshots: [], updated: '', version: '' },
    },
  };
}

/** A data source as Grafana hands it to the config editor. */
export function settings(
  changed: Partial<DataSourceSettings<SpanlogOptions, SpanlogSecrets>> = {}
): DataSourceSettings<SpanlogOptions, SpanlogSecrets> {
  return {
    id: 1,
    uid: 'spanlog',
    orgId: 1,
    name: 'Spanlog',
    type: 'spanlog-trace-datasource',
    typeName: 'Spanlog',
    typeLogoUrl: '',
    access: 'proxy',
    url: 'http://tempo:3200',
    user: '',
    database: '',
    basicAuth: false,
    basicAuthUser: '',
    isDefault: false,
    jsonData: {},
    secureJsonFields: {},
    readOnly: false,
    withCredentials: false,
    ...changed,
  };
}
