import { expect, test } from '@grafana/plugin-e2e';

import { shot, spanRows, tableCells, traceId } from './spanlog';

test('"Agent runs" lists runs and shows the chosen one', async ({ gotoDashboardPage, page }) => {
  const id = await traceId(page);
  // Panels and rows below the fold are not drawn.
  await page.setViewportSize({ width: 1440, height: 1600 });
  const dashboard = await gotoDashboardPage({
    uid: 'spanlog-agent-runs',
    queryParams: new URLSearchParams({ 'var-trace': id }),
  });
  await expect(dashboard.getPanelByTitle('Runs').locator.first()).toBeVisible();
  // In a dashboard's table the trace ID is no element of the role link, as it is in Explore.
  await expect(tableCells(page).first()).toBeVisible();
  await expect(spanRows(page).first()).toBeVisible();
  await shot(page, 'dashboard-agent-runs');
});

test('"Models and tools" shows the latest runs', async ({ gotoDashboardPage, page }) => {
  const dashboard = await gotoDashboardPage({ uid: 'spanlog-models-and-tools' });
  await expect(dashboard.getPanelByTitle('By model').locator).toBeVisible();
  await shot(page, 'dashboard-models-and-tools');
});
