import { DataSourceJsonData, DataSourceSettings } from '@grafana/data';

import { LogStoreOptions, SpanlogOptions, SpanlogSecrets } from '../types';

type Settings = DataSourceSettings<SpanlogOptions, SpanlogSecrets>;
type LogStoreSettings = DataSourceSettings<LogStoreOptions & DataSourceJsonData, SpanlogSecrets>;

const PREFIX = 'logs';

/** `basicAuthPassword` is kept as `logsBasicAuthPassword`, and so on: secrets have no folders. */
const outer = (name: string) => PREFIX + name.charAt(0).toUpperCase() + name.slice(1);
const inner = (name: string) => name.charAt(PREFIX.length).toLowerCase() + name.slice(PREFIX.length + 1);
const isLogSecret = (name: string) => name.startsWith(PREFIX);

function pick<T>(of: Record<string, T> | undefined, isOurs: boolean, rename: (name: string) => string) {
  const entries = Object.entries(of ?? {}).filter(([name]) => isLogSecret(name) === isOurs);
  return Object.fromEntries(entries.map(([name, value]) => [rename(name), value]));
}

const same = (name: string) => name;
const renamed = <T>(of: Record<string, T> | undefined) =>
  Object.fromEntries(Object.entries(of ?? {}).map(([name, value]) => [outer(name), value]));

/**
 * The log store's part of the settings in the form of a whole data source, so that Grafana's own editors for
 * authentication, TLS and headers can edit it.
 */
export function logStoreOf(settings: Settings): LogStoreSettings {
  const logs = settings.jsonData.logs ?? {};
  return {
    ...settings,
    url: logs.url ?? '',
    basicAuth: Boolean(logs.basicAuth),
    basicAuthUser: logs.basicAuthUser ?? '',
    withCredentials: false,
    jsonData: logs,
    secureJsonData: pick(settings.secureJsonData, true, inner),
    secureJsonFields: pick(settings.secureJsonFields, true, inner),
  };
}

/** The settings with the edited log store put back. */
export function withLogStore(settings: Settings, store: LogStoreSettings): Settings {
  return {
    ...settings,
    jsonData: {
      ...settings.jsonData,
      logs: {
        ...store.jsonData,
        url: store.url || undefined,
        basicAuth: store.basicAuth || undefined,
        basicAuthUser: store.basicAuthUser || undefined,
      },
    },
    secureJsonData: { ...pick(settings.secureJsonData, false, same), ...renamed(store.secureJsonData) },
    secureJsonFields: { ...pick(settings.secureJsonFields, false, same), ...renamed(store.secureJsonFields) },
  };
}
