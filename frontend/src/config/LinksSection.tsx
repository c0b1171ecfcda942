import React from 'react';
import { ConfigSection } from '@grafana/plugin-ui';
import { DataSourcePicker } from '@grafana/runtime';
import { InlineField } from '@grafana/ui';

import { text } from '../text';
import { SectionProps } from './section';

const words = text.config.links;

/** Log stores that Grafana's trace view can link to. */
const LOG_TYPES = [
  'loki',
  'elasticsearch',
  'grafana-opensearch-datasource',
  'grafana-splunk-datasource',
  'grafana-falconlogscale-datasource',
  'googlecloud-logging-datasource',
  'victoriametrics-logs-datasource',
];

type Target = 'tracesToLogsV2' | 'tracesToMetrics';

/** Links from spans to logs and metrics. Grafana's trace view reads these options, not the backend. */
export function LinksSection({ options, readOnly, change }: SectionProps) {
  const picker = (target: Target, label: string, tooltip: string, type: string | string[]) => (
    <InlineField label={label} tooltip={tooltip} labelWidth={28} htmlFor={`links-${target}`} disabled={readOnly}>
      <DataSourcePicker
        inputId={`links-${target}`}
        type={type}
        current={options[target]?.datasourceUid ?? null}
        noDefault
        width={40}
        disabled={readOnly}
        onChange={({ uid }) => change({ [target]: { ...options[target], datasourceUid: uid } })}
        onClear={() => change({ [target]: undefined })}
      />
    </InlineField>
  );

  return (
    <ConfigSection title={words.title} description={words.description} isCollapsible isInitiallyOpen={false}>
      {picker('tracesToLogsV2', words.logs, words.logsTooltip, LOG_TYPES)}
      {picker('tracesToMetrics', words.metrics, words.metricsTooltip, 'prometheus')}
    </ConfigSection>
  );
}
