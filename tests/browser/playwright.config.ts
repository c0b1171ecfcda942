// End-to-end specs against a running Grafana, as create-plugin sets them up. README.md names the variables.
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { PluginOptions } from '@grafana/plugin-e2e';
import { defineConfig, devices } from '@playwright/test';

const pluginE2eAuth = `${dirname(require.resolve('@grafana/plugin-e2e'))}/auth`;
const output = join(__dirname, 'output', 'e2e');
// Where plugin-e2e's login leaves its cookie.
const user = process.env.GRAFANA_ADMIN_USER ?? 'admin';
const storageState = join(process.cwd(), 'playwright', '.auth', `${user}.json`);
const browser = process.env.CHROMIUM ?? (existsSync('/usr/bin/chromium') ? '/usr/bin/chromium' : undefined);

export default defineConfig<PluginOptions>({
  testDir: './e2e',
  outputDir: join(output, 'results'),
  fullyParallel: false,
  workers: 1,
  forbidOnly: Boolean(process.env.CI),
  retries: process.env.CI ? 1 : 0,
  // A machine that builds at the same time needs its time; nothing here waits that long on an idle one.
  timeout: 180_000,
  expect: { timeout: 60_000 },
  reporter: [['list'], ['html', { outputFolder: join(output, 'report'), open: 'never' }]],
  use: {
    baseURL: process.env.GRAFANA_URL || 'http://localhost:3000',
    provisioningRootDir: join(__dirname, '..', '..', 'provisioning'),
    viewport: { width: 1440, height: 1000 },
    trace: 'retain-on-failure',
    launchOptions: { executablePath: browser, args: ['--no-sandbox'] },
  },
  projects: [
    { name: 'auth', testDir: pluginE2eAuth, testMatch: [/.*\.js/] },
    {
      name: 'chromium',
      use: { ...devices['Desktop Chrome'], viewport: { width: 1440, height: 1000 }, storageState },
      dependencies: ['auth'],
    },
  ],
});
