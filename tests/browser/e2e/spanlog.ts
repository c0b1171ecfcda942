// What the specs share: the provisioned data source, and a trace to look at.
import { join } from 'node:path';
import { expect } from '@grafana/plugin-e2e';
import type { Page } from '@playwright/test';

export const TYPE = 'spanlog-trace-datasource';
export const UID = 'spanlog';
export const PROVISIONED = 'spanlog.yaml';
/** Finds agent runs. */
export const SEARCH = process.env.SPANLOG_SEARCH ?? '{ span.gen_ai.operation.name != nil }';

const SHOTS = join(__dirname, '..', 'output', 'e2e');

export const shot = (page: Page, name: string) => page.screenshot({ path: join(SHOTS, `${name}.png`) });

export interface Query {
  query: string;
  queryType?: string;
  [key: string]: unknown;
}

/** Explore with one query, which runs at once. */
export async function explore(page: Page, query: Query) {
  const pane = {
    datasource: UID,
    queries: [{ refId: 'A', datasource: { type: TYPE, uid: UID }, ...query }],
    range: { from: 'now-24h', to: 'now' },
  };
  const answered = page.waitForResponse((response) => response.url().includes('/api/ds/query'));
  await page.goto(
    `/explore?${new URLSearchParams({ schemaVersion: '1', orgId: '1', panes: JSON.stringify({ a: pane }) })}`
  );
  return answered;
}

/** The names of the rows of the trace view. The title of a row is `<service>::<span>`; a log span's service is its lane. */
export const spanRows = (page: Page) => page.locator('button[role="switch"][title*="::"]');

/** The links of a table panel, which is a table or a grid to a screen reader, by Grafana's version. */
export const tableLinks = (page: Page) => page.locator('[role="table"], [role="grid"]').getByRole('link');

export const tableCells = (page: Page) => page.locator('[role="cell"], [role="gridcell"]');

/** The row of the message that SPANLOG_MESSAGE tells, or of any. */
export function messageRow(page: Page) {
  const rows = process.env.SPANLOG_MESSAGE
    ? spanRows(page).filter({ hasText: process.env.SPANLOG_MESSAGE })
    : page.locator(['system', 'user', 'assistant', 'tool'].map((lane) => `button[title^="${lane}::"]`).join());
  return rows.first();
}

/** A trace that has log spans: the one that SPANLOG_TRACE_ID names, or the newest agent run. */
export async function traceId(page: Page): Promise<string> {
  if (process.env.SPANLOG_TRACE_ID) {
    return process.env.SPANLOG_TRACE_ID;
  }
  const now = Date.now();
  const response = await page.request.post('/api/ds/query', {
    data: {
      from: String(now - 24 * 3_600_000),
      to: String(now),
      queries: [{ refId: 'A', datasource: { type: TYPE, uid: UID }, queryType: 'traceql', query: SEARCH, limit: 1 }],
    },
  });
  const frame = (await response.json()).results.A.frames[0];
  const column = frame.schema.fields.findIndex((field: { name: string }) => field.name === 'traceID');
  const id = frame.data.values[column]?.[0];
  expect(id, 'no agent run in the last 24 hours: start the sample agent or set SPANLOG_TRACE_ID').toBeTruthy();
  return id;
}
