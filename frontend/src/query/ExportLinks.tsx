import React from 'react';
import { css } from '@emotion/css';
import { GrafanaTheme2, TimeRange } from '@grafana/data';
import { config } from '@grafana/runtime';
import { LinkButton, useStyles2 } from '@grafana/ui';

import { text } from '../text';
import { SpanlogQuery } from '../types';
import { timeParams } from './time';

interface Props {
  uid: string;
  query: SpanlogQuery;
  range?: TimeRange;
}

const FORMATS = [
  { format: 'text', ending: 'txt' },
  { format: 'markdown', ending: 'md' },
  { format: 'jsonl', ending: 'jsonl' },
] as const;

const words = text.query.export;

/** Downloads of the run's conversation: the plugin's `transcript` endpoint (docs/resources.md). */
export function ExportLinks({ uid, query, range }: Props) {
  const styles = useStyles2(getStyles);
  const id = query.query?.trim() ?? '';
  const { minLevel, logsQuery } = query;
  const options = Object.entries({ minLevel, logsQuery }).flatMap(([key, value]) => (value ? [[key, value]] : []));

  return (
    <div className={styles.row}>
      <span className={styles.label}>{words.title}</span>
      {FORMATS.map(({ format, ending }) => {
        const params = new URLSearchParams([['traceId', id], ['format', format], ...options]);
        Object.entries(timeParams(range)).forEach(([key, value]) => params.set(key, value));
        return (
          <LinkButton
            key={format}
            variant="secondary"
            fill="text"
            size="sm"
            icon="download-alt"
            href={`${config.appSubUrl ?? ''}/api/datasources/uid/${encodeURIComponent(uid)}/resources/transcript?${params}`}
            download={`${id}.${ending}`}
            target="_blank"
            rel="noreferrer"
          >
            {words.formats[format]}
          </LinkButton>
        );
      })}
    </div>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  row: css({ display: 'flex', alignItems: 'center', gap: theme.spacing(0.5) }),
  label: css({ color: theme.colors.text.secondary, fontSize: theme.typography.bodySmall.fontSize }),
});
