import { expect, test } from '@grafana/plugin-e2e';

import { shot, traceId } from './spanlog';

test('"Agent runs" lists runs and shows the chosen one', async ({ gotoDashboardPage, page }) => {
  const id = await traceId(page);
  const dashboard = await gotoDashboardPage({
    uid: 'spanlog-agent-runs',
    queryParams: new URLSearchParams({ 'var-trace': id }),
  });
  await expect(dashboard.getPanelByTitle('Runs').data.first()).toBeVisible();
  await expect(page.getByTestId('span-view').first()).toBeVisible();
  await shot(page, 'dashboard-agent-runs');
});

test('"Models and tools" shows the latest runs', async ({ gotoDashboardPage, page }) => {
  const dashboard = await gotoDashboardPage({ uid: 'spanlog-models-and-tools' });
  await expect(dashboard.getPanelByTitle('By model').locator).toBeVisible();
  await shot(page, 'dashboard-models-and-tools');
});
