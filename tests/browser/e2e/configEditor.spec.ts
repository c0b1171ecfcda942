import { expect, test } from '@grafana/plugin-e2e';

import { PROVISIONED, shot, TYPE, UID } from './spanlog';

interface Options {
  logs: { url: string };
}

test('a new data source with the provisioned URLs passes "Save & test"', async ({
  createDataSourceConfigPage,
  readProvisionedDataSource,
  page,
}) => {
  const provisioned = await readProvisionedDataSource<Options>({ fileName: PROVISIONED });
  const tempo = process.env.TEMPO_URL ?? provisioned.url ?? '';
  const loki = process.env.LOKI_URL ?? provisioned.jsonData.logs.url;

  const configPage = await createDataSourceConfigPage({ type: TYPE });
  await page.getByLabel('Data source connection URL').fill(tempo);
  await page.getByLabel('Loki URL').fill(loki);
  await expect(configPage.saveAndTest()).toBeOK();
  await shot(page, 'config');
});

test('"Save & test" says which store does not answer', async ({ createDataSourceConfigPage, page }) => {
  const configPage = await createDataSourceConfigPage({ type: TYPE });
  await page.getByLabel('Data source connection URL').fill('http://127.0.0.1:9');
  await expect(configPage.saveAndTest()).not.toBeOK();
  await expect(configPage).toHaveAlert('error', { hasText: 'Tempo' });
});

test('a provisioned data source can only be read', async ({ gotoDataSourceConfigPage, page }) => {
  await gotoDataSourceConfigPage(UID);
  await expect(page.getByLabel('Data source connection URL')).toBeDisabled();
  await expect(page.getByLabel('Loki URL')).toBeDisabled();
});
