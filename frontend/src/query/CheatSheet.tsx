import React from 'react';
import { css } from '@emotion/css';
import { GrafanaTheme2, QueryEditorHelpProps } from '@grafana/data';
import { useStyles2 } from '@grafana/ui';

import { text } from '../text';
import { QUERY_TYPE_TRACEQL, SpanlogQuery } from '../types';

const help = text.help;

/** Queries to begin with, and what the rows of a trace mean. */
export function CheatSheet({ query, onClickExample }: QueryEditorHelpProps<SpanlogQuery>) {
  const styles = useStyles2(getStyles);
  return (
    <div>
      <h2>{help.title}</h2>
      {help.examples.map((example) => (
        <div key={example.query} className={styles.example}>
          <h5>{example.title}</h5>
          <button
            type="button"
            className={styles.query}
            title={help.try}
            onClick={() =>
              onClickExample({ refId: query?.refId ?? 'A', queryType: QUERY_TYPE_TRACEQL, query: example.query })
            }
          >
            <code>{example.query}</code>
          </button>
          {example.note && <p>{example.note}</p>}
        </div>
      ))}
      {[help.rows, help.keys].map(({ title, items }) => (
        <div key={title} className={styles.example}>
          <h5>{title}</h5>
          <dl className={styles.terms}>
            {items.map(([term, meaning]) => (
              <React.Fragment key={term}>
                <dt>
                  <code>{term}</code>
                </dt>
                <dd>{meaning}</dd>
              </React.Fragment>
            ))}
          </dl>
        </div>
      ))}
    </div>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  example: css({ marginTop: theme.spacing(2) }),
  query: css({ padding: 0, border: 0, background: 'none', textAlign: 'left', cursor: 'pointer' }),
  terms: css({
    display: 'grid',
    gridTemplateColumns: 'max-content 1fr',
    gap: theme.spacing(0.5, 2),
    dd: { margin: 0 },
  }),
});
