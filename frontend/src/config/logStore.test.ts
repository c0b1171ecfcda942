import { convertLegacyAuthProps } from '@grafana/plugin-ui';

import { settings } from '../testing/settings';
import { logStoreOf, withLogStore } from './logStore';

const both = () =>
  settings({
    basicAuth: true,
    basicAuthUser: 'tempo-user',
    jsonData: {
      traceStore: 'tempo',
      httpHeaderName1: 'X-Scope-OrgID',
      logs: { url: 'http://loki:3100', basicAuth: true, basicAuthUser: 'loki-user', maxRecords: 10 },
    } as never,
    secureJsonFields: {
      basicAuthPassword: true,
      logsBasicAuthPassword: true,
      logsTlsCACert: true,
      httpHeaderValue1: true,
    },
    secureJsonData: { logsHttpHeaderValue1: 'tenant', tlsCACert: 'pem' },
  });

describe('log store settings', () => {
  it('have the names that Grafana’s editors know', () => {
    expect(logStoreOf(both())).toMatchObject({
      url: 'http://loki:3100',
      basicAuth: true,
      basicAuthUser: 'loki-user',
      secureJsonFields: { basicAuthPassword: true, tlsCACert: true },
      secureJsonData: { httpHeaderValue1: 'tenant' },
    });
  });

  it('hold nothing of the trace store', () => {
    const store = logStoreOf(both());
    expect(store.jsonData).not.toHaveProperty('httpHeaderName1');
    expect(Object.keys(store.secureJsonFields)).toEqual(['basicAuthPassword', 'tlsCACert']);
    expect(store.secureJsonData).toEqual({ httpHeaderValue1: 'tenant' });
  });

  it('come back as they were when nothing was changed', () => {
    expect(withLogStore(both(), logStoreOf(both()))).toEqual(both());
  });

  it('take a password under a name of their own', () => {
    const onChange = jest.fn();
    const config = both();
    const auth = convertLegacyAuthProps({
      config: logStoreOf(config),
      onChange: (changed) => onChange(withLogStore(config, changed)),
    });

    auth.basicAuth!.onPasswordChange('secret');
    const changed = onChange.mock.calls[0][0];
    expect(changed.secureJsonData).toEqual({
      logsHttpHeaderValue1: 'tenant',
      logsBasicAuthPassword: 'secret',
      tlsCACert: 'pem',
    });
    expect(changed.basicAuthUser).toBe('tempo-user');
  });

  it('take and lose headers without touching those of the trace store', () => {
    const config = both();
    let changed = config;
    const headers = () =>
      convertLegacyAuthProps({
        config: logStoreOf(changed),
        onChange: (store) => (changed = withLogStore(changed, store)),
      }).customHeaders!;

    headers().onChange([{ name: 'X-Scope-OrgID', configured: false, value: 'a' }]);
    expect(changed.jsonData.logs).toMatchObject({ httpHeaderName1: 'X-Scope-OrgID', maxRecords: 10 });
    expect(changed.secureJsonData).toMatchObject({ logsHttpHeaderValue1: 'a' });

    headers().onChange([]);
    expect(changed.jsonData.logs).not.toHaveProperty('httpHeaderName1');
    expect(changed.jsonData).toHaveProperty('httpHeaderName1', 'X-Scope-OrgID');
    expect(changed.secureJsonData).not.toHaveProperty('logsHttpHeaderValue1');
  });

  it('forget a password that was reset', () => {
    const config = both();
    let changed = config;
    convertLegacyAuthProps({
      config: logStoreOf(config),
      onChange: (store) => (changed = withLogStore(config, store)),
    }).basicAuth!.onPasswordReset();

    expect(changed.secureJsonFields).toMatchObject({ basicAuthPassword: true, logsBasicAuthPassword: false });
  });
});
