// Works the built plugin's editors in a headless Chromium. See README.md.
const fs = require('fs');
const path = require('path');
const { chromium } = require('playwright-core');

const { bundle } = require('./lib/bundle.cjs');
const { start } = require('./lib/server.cjs');
const tests = require('./editors.cjs');

const root = path.resolve(__dirname, '..', '..');
const dist = path.join(root, 'dist');
const output = path.join(__dirname, 'output');
const executablePath = process.env.CHROMIUM || '/usr/bin/chromium';

// What could not be loaded is told by its address; Grafana's fonts, and an icon that turns, are in no package.
const isLoad = (message) => message.text().startsWith('Failed to load resource');
const isAbsent = (response) => /\/fonts\/|\/spinner\.svg$/.test(response.url());

async function main() {
  if (!fs.existsSync(path.join(dist, 'module.js'))) {
    throw new Error('dist/module.js is missing: run `npm run build` in frontend/ first');
  }
  if (!fs.existsSync(executablePath)) {
    throw new Error(`no browser at ${executablePath}: install chromium, or say where it is with CHROMIUM`);
  }
  fs.mkdirSync(output, { recursive: true });
  await bundle(path.join(output, 'host'));
  const server = await start({ host: path.join(__dirname, 'host'), bundle: path.join(output, 'host'), dist });
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });

  // One context: its cache spares all pages but the first the reading of a large script.
  const context = await browser.newContext({ viewport: { width: 1240, height: 900 } });
  // A busy machine needs its time; nothing here waits that long on an idle one.
  context.setDefaultTimeout(120_000);

  let passed = 0;
  let failed = 0;
  for (const [name, test] of Object.entries(tests)) {
    const page = await context.newPage();
    const errors = [];
    page.on('pageerror', (error) => errors.push(error.message));
    page.on('console', (message) => message.type() === 'error' && !isLoad(message) && errors.push(message.text()));
    page.on('response', (response) => response.status() >= 400 && !isAbsent(response) && errors.push(response.url()));
    server.forget();
    server.grow(3);

    const open = async (view, address = {}) => {
      await page.goto(`${server.url}/?${new URLSearchParams({ view, ...address })}`);
      await page.locator('#view > *').first().waitFor();
    };
    const tool = {
      page,
      server,
      open,
      state: async () => JSON.parse(await page.locator('#state').textContent()),
      shot: (file) => page.screenshot({ path: path.join(output, `${file}.png`), fullPage: true }),
    };
    try {
      await test(tool);
      if (errors.length > 0) {
        throw new Error(`the page had errors:\n${errors.join('\n')}`);
      }
      passed++;
      console.log(`ok   ${name}`);
    } catch (error) {
      failed++;
      console.log(`FAIL ${name}\n     ${String(error.message ?? error).replace(/\n/g, '\n     ')}`);
      await tool.shot(`failed-${passed + failed}`).catch(() => undefined);
    }
    await page.close();
  }
  await browser.close();
  server.close();
  console.log(`${passed} passed, ${failed} failed`);
  process.exitCode = failed > 0 ? 1 : 0;
}

main().catch((error) => {
  console.error(error.message);
  process.exitCode = 1;
});
