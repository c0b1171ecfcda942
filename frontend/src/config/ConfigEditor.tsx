import React from 'react';
import { css, cx } from '@emotion/css';
import { DataSourceJsonData, DataSourcePluginOptionsEditorProps, DataSourceSettings } from '@grafana/data';
import {
  AdvancedHttpSettings,
  Auth,
  AuthMethod,
  ConfigSection,
  ConfigSubSection,
  ConnectionSettings,
  convertLegacyAuthProps,
  DataSourceDescription,
} from '@grafana/plugin-ui';
import { Divider } from '@grafana/ui';

import { text } from '../text';
import { SpanlogOptions, SpanlogSecrets, TraceStore } from '../types';
import { CorrelationSection } from './CorrelationSection';
import { ChoiceField, SwitchField, TextField } from './fields';
import { LimitsSection } from './LimitsSection';
import { LinksSection } from './LinksSection';
import { logStoreOf, withLogStore } from './logStore';
import { MessagesSection } from './MessagesSection';
import { OwnIds } from './OwnIds';
import { PolicySection } from './PolicySection';
import { PricesSection } from './PricesSection';

type Props = DataSourcePluginOptionsEditorProps<SpanlogOptions, SpanlogSecrets>;

const words = text.config;

// The browser never talks to a store: credentials of its own would be ignored.
const AUTH_METHODS = [AuthMethod.BasicAuth, AuthMethod.OAuthForward, AuthMethod.NoAuth];
const PORTS: Record<TraceStore, string> = {
  tempo: 'http://localhost:3200',
  jaeger: 'http://localhost:16686',
  zipkin: 'http://localhost:9411',
};

export function ConfigEditor({ options, onOptionsChange }: Props) {
  const readOnly = Boolean(options.readOnly);
  const store = options.jsonData.traceStore ?? 'tempo';
  const section = {
    options: options.jsonData,
    readOnly,
    change: (changed: Partial<SpanlogOptions>) =>
      onOptionsChange({ ...options, jsonData: { ...options.jsonData, ...changed } }),
  };

  return (
    <div className={container}>
      <DataSourceDescription dataSourceName="Spanlog" docsLink={words.docsLink} hasRequiredFields />
      <Divider />

      <ConfigSection title={words.traces.title} description={words.traces.description}>
        <ChoiceField
          label={words.traces.store}
          tooltip={words.traces.storeTooltip}
          value={store}
          options={[
            { value: 'tempo', label: words.choices.tempo },
            { value: 'jaeger', label: words.choices.jaeger },
            { value: 'zipkin', label: words.choices.zipkin },
          ]}
          readOnly={readOnly}
          onChange={(traceStore) => section.change({ traceStore })}
        />
      </ConfigSection>
      <ConnectionSettings
        config={options}
        onChange={onOptionsChange}
        urlPlaceholder={PORTS[store]}
        urlTooltip={words.traces.urlTooltip}
      />
      <Authentication settings={options} onChange={onOptionsChange} />
      <Divider />

      <LogStore settings={options} onChange={onOptionsChange} />
      <Divider />

      <CorrelationSection {...section} />
      <Divider />
      <MessagesSection {...section} />
      <Divider />
      <LinksSection {...section} />
      <Divider />
      <PricesSection {...section} />
      <Divider />
      <PolicySection {...section} />
      <Divider />
      <LimitsSection {...section} />
    </div>
  );
}

interface StoreProps<T extends DataSourceJsonData> {
  settings: DataSourceSettings<T, SpanlogSecrets>;
  onChange: (settings: DataSourceSettings<T, SpanlogSecrets>) => void;
}

/** Authentication, TLS, headers and the rest of HTTP, for either store. */
function Authentication<T extends DataSourceJsonData>({ settings, onChange }: StoreProps<T>) {
  return (
    <div className={stack}>
      <Auth {...convertLegacyAuthProps({ config: settings, onChange })} visibleMethods={AUTH_METHODS} />
      <ConfigSubSection title={words.http.title} isCollapsible isInitiallyOpen={false}>
        <AdvancedHttpSettings config={settings} onChange={onChange} />
      </ConfigSubSection>
    </div>
  );
}

function LogStore({ settings, onChange }: StoreProps<SpanlogOptions>) {
  const store = logStoreOf(settings);
  const same = Boolean(store.jsonData.sameAsTraces);
  return (
    <OwnIds prefix="logs-">
      <ConfigSection title={words.logs.title} description={words.logs.description}>
        <TextField
          id="logs-url"
          label={words.logs.url}
          tooltip={words.logs.urlTooltip}
          value={store.url}
          placeholder="http://localhost:3100"
          readOnly={Boolean(settings.readOnly)}
          onChange={(url) => onChange(withLogStore(settings, { ...store, url: url ?? '' }))}
        />
        <SwitchField
          id="logs-same-as-traces"
          label={words.logs.same}
          tooltip={words.logs.sameTooltip}
          value={same}
          readOnly={Boolean(settings.readOnly)}
          onChange={(sameAsTraces) =>
            onChange(withLogStore(settings, { ...store, jsonData: { ...store.jsonData, sameAsTraces } }))
          }
        />
        {!same && <Authentication settings={store} onChange={(changed) => onChange(withLogStore(settings, changed))} />}
      </ConfigSection>
    </OwnIds>
  );
}

const stack = css({ display: 'flex', flexDirection: 'column', gap: 16 });
const container = cx(stack, css({ maxWidth: 900, gap: 8 }));
