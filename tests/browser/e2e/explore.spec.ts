import { expect, test } from '@grafana/plugin-e2e';

import { explore, messageRow, SEARCH, shot, spanRows, tableLinks, traceId } from './spanlog';

test('a trace shows its messages, and a message can be read', async ({ page }) => {
  const answered = await explore(page, { query: await traceId(page), queryType: 'traceql' });
  expect(answered.ok()).toBe(true);

  await expect(spanRows(page).first()).toBeVisible();
  await shot(page, 'trace');
  await messageRow(page).click();

  // The list of a span's attributes is closed at first, and shows the first of them.
  await page.getByText('Span attributes', { exact: false }).first().click();
  await expect(page.getByText('@message', { exact: true }).first()).toBeVisible();
  await expect(page.getByText('spanlog.kind', { exact: true }).first()).toBeVisible();
  await shot(page, 'message');
});

test('a trace ID is typed and run with Shift+Enter', async ({ explorePage, page }) => {
  const id = await traceId(page);
  await explorePage.datasource.set('Spanlog');
  const field = explorePage.getQueryEditorRow('A').getByRole('combobox', { name: 'Trace ID or TraceQL' });
  await field.fill(id);

  const request = page.waitForRequest((each) => each.url().includes('/api/ds/query'));
  await field.press('Shift+Enter');
  const { queries } = (await request).postDataJSON();
  expect(queries[0]).toMatchObject({ query: id, queryType: 'traceql' });
  await expect(spanRows(page).first()).toBeVisible();
});

test('a search gives a table whose rows open the woven trace', async ({ page }) => {
  await explore(page, { query: SEARCH, queryType: 'traceql', limit: 5 });
  const link = tableLinks(page).first();
  await expect(link).toBeVisible();
  await shot(page, 'search');

  await link.click();
  await expect(spanRows(page).first()).toBeVisible();
});

test('a trace that is not there is said in words', async ({ page }) => {
  await explore(page, { query: 'ffffffffffffffffffffffffffffff01', queryType: 'traceql' });
  await expect(page.getByText(/not found|no trace/i).first()).toBeVisible();
});
