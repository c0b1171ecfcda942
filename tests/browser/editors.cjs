// What a person does with the editors, by what they see: labels, roles and keys.
const assert = require('assert/strict');
const fs = require('fs');
const path = require('path');

const MODULE = path.resolve(__dirname, '..', '..', 'dist', 'module.js');
const traceField = (page) => page.getByRole('combobox', { name: 'Trace ID or TraceQL' });

// Chooses from a list until the field shows the choice: a list that is still being laid out can lose a click.
async function choose(page, label, option) {
  const field = page.getByLabel(label);
  for (let tries = 0; tries < 5; ++tries) {
    await field.click();
    await page.getByRole('option', { name: option, exact: true }).click();
    for (let wait = 0; wait < 20; ++wait) {
      if ((await field.inputValue()) === option) return;
      await page.waitForTimeout(50);
    }
  }
  assert.fail(`${label} does not take ${option}`);
}

module.exports = {
  'module.js is smaller than 300 kB and asks Grafana only for what Grafana has': async ({ page, open }) => {
    assert.ok(fs.statSync(MODULE).size < 300_000, `module.js has ${fs.statSync(MODULE).size} bytes`);
    await open('query');
    const dependencies = await page.evaluate(() => window.spanlogDependencies);
    assert.ok(dependencies.includes('@grafana/ui') && dependencies.includes('react'), dependencies.join());
    // With it the plugin would need a later Grafana than plugin.json says.
    assert.ok(!dependencies.includes('react/jsx-runtime'));
  },

  'a trace ID is asked for once, with Shift+Enter': async ({ page, server, open, shot }) => {
    await open('query');
    await traceField(page).pressSequentially('2f3e0cee77ae5dc9c17ade3689eb2e54');
    assert.equal(server.asked.length, 0, 'typing must not ask for anything');

    await page.keyboard.press('Shift+Enter');
    await page.getByText('"rows":[3]').waitFor();
    assert.equal(server.queries().length, 1);
    assert.equal(server.queries()[0].query, '2f3e0cee77ae5dc9c17ade3689eb2e54');
    assert.equal(server.queries()[0].queryType, 'traceql');
    await page.getByRole('link', { name: 'Markdown' }).waitFor();
    await shot('query-trace');
  },

  'TraceQL is completed from the trace store, one request for each list': async ({
    page,
    server,
    open,
    state,
    shot,
  }) => {
    await open('query');
    await traceField(page).pressSequentially('{ span.gen_ai.req');
    await page.getByRole('option', { name: 'span.gen_ai.request.model' }).waitFor();
    await page.keyboard.press('Enter');
    await page.keyboard.type(' = "gp');
    await page.getByRole('option', { name: 'gpt-4o', exact: true }).waitFor();
    await shot('query-completion');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Tab');
    await page.keyboard.type(' }');

    assert.equal((await state()).query, '{ span.gen_ai.request.model = "gpt-4o-mini" }');
    assert.deepEqual(server.resources(), ['tags', 'tag-values']);
    assert.equal(server.queries().length, 0);
  },

  'the search builder writes TraceQL': async ({ page, server, open, state, shot }) => {
    await open('query');
    await page.getByRole('radio', { name: 'Search' }).check();
    await choose(page, 'Service', 'travel-agent');
    await page.getByLabel('Model').fill('gpt');
    await page.getByRole('option', { name: 'gpt-4o', exact: true }).click();
    await choose(page, 'Status', 'error');
    await page.getByLabel('Min duration').fill('2s');
    await shot('query-search');

    const { query } = await state();
    assert.ok(
      query.startsWith('{ resource.service.name = "travel-agent" } && { span.gen_ai.request.model = "gpt-4o"'),
      query
    );
    assert.ok(query.endsWith('{ status = error } && { traceDuration >= 2s }'), query);
    await page.getByRole('button', { name: 'Search' }).click();
    await page.getByText('"rows":[3]').waitFor();
    assert.equal(server.queries()[0].query, query);
  },

  'options are one line until they are opened, and take effect at once': async ({
    page,
    server,
    open,
    state,
    shot,
  }) => {
    await open('query', { query: JSON.stringify({ query: '2f3e', queryType: 'traceql', minLevel: 'warn' }) });
    await page.getByText('Level: warn and above').waitFor();
    await page.getByRole('button', { name: /Options/ }).click();
    await page.getByRole('radio', { name: 'New only' }).check();
    await page.getByLabel('Table').press(' ');
    await page.getByRole('combobox', { name: 'Logs query' }).pressSequentially('{serv');
    await page.getByRole('option', { name: 'service_name' }).waitFor();
    await page.keyboard.press('Enter');
    await shot('query-options');

    const { history, views, logsQuery } = await state();
    assert.deepEqual(
      { history, views, logsQuery },
      { history: 'delta', views: ['trace', 'table'], logsQuery: '{service_name' }
    );
    assert.deepEqual(
      server.queries().map((query) => query.history),
      ['delta', 'delta']
    );
  },

  'live mode follows a trace while it grows': async ({ page, server, open }) => {
    await open('query', { query: JSON.stringify({ query: '2f3e', queryType: 'traceql', live: true }) });
    await traceField(page).press('Shift+Enter');
    await page.getByText('{"state":"Streaming","rows":[3]}').waitFor();

    server.grow(5);
    await page.getByText('{"state":"Streaming","rows":[5]}').waitFor({ timeout: 60_000 });
    assert.ok(server.queries().length >= 2);
  },

  'a conversation is asked for by its ID': async ({ page, server, open, shot }) => {
    await open('query');
    await page.getByRole('radio', { name: 'Conversation' }).check();
    await page.getByRole('combobox', { name: 'Conversation ID' }).fill('conv-1');
    await page.keyboard.press('Shift+Enter');
    await page.getByText('"rows":[3]').waitFor();
    assert.equal(server.queries()[0].queryType, 'conversation');
    await shot('query-conversation');
  },

  'both stores are configured apart': async ({ page, open, state, shot }) => {
    await open('config');
    await page.getByLabel('Data source connection URL').fill('https://tempo.example.com');
    await page.getByLabel('Loki URL').fill('https://loki.example.com');
    await shot('config');

    const { url, jsonData } = await state();
    assert.equal(url, 'https://tempo.example.com');
    assert.equal(jsonData.logs.url, 'https://loki.example.com');
  },

  'the sections of the configuration open by keyboard': async ({ page, open, state, shot }) => {
    await open('config', { jsonData: JSON.stringify({ prices: [{ model: 'gpt-4o*', input: 2.5, output: 10 }] }) });
    for (const title of [
      'Finding the logs of a trace',
      'Messages',
      'Links to other data sources',
      'Prices',
      'Limits',
    ]) {
      await page.getByRole('button', { name: `Expand section ${title}` }).press('Enter');
    }
    await page.getByLabel('Start shift').fill('-1h');
    await page.getByRole('radio', { name: 'New only' }).check();
    await shot('config-sections');

    const { jsonData } = await state();
    assert.equal(jsonData.logs.startShift, '-1h');
    assert.equal(jsonData.messages.history, 'delta');
  },

  'the cheat sheet offers queries': async ({ page, open, state, shot }) => {
    await open('help');
    await page.getByText('{ traceDuration > 10s }').click();
    assert.equal((await state()).query, '{ traceDuration > 10s }');
    await shot('cheat-sheet');
  },

  'a dashboard variable lists values': async ({ page, open, state, shot }) => {
    await open('variable');
    await page.getByLabel('Values of').click();
    await page.getByRole('option', { name: 'Tag' }).click();
    await page.getByLabel('Tag').fill('span.gen_ai.request.model');
    await page.keyboard.press('Tab');
    const { list, argument } = await state();
    assert.deepEqual({ list, argument }, { list: 'tag-values', argument: 'span.gen_ai.request.model' });
    await shot('variable');
  },
};
