// Serves the page, the built plugin and the answers of a Grafana server, and remembers what was asked.
const fs = require('fs');
const http = require('http');
const path = require('path');

const LISTS = {
  tags: ['resource.service.name', 'span.gen_ai.request.model', 'span.gen_ai.tool.name', 'span.http.request.method'],
  'tag-values': ['claude-sonnet-4', 'gpt-4o', 'gpt-4o-mini'],
  services: ['checkout', 'payment', 'travel-agent'],
  operations: ['GET /cart', 'invoke_agent travel', 'POST /pay'],
  'log-labels': ['namespace', 'service_name'],
  'log-label-values': ['checkout', 'travel-agent'],
};
const TYPES = { '.html': 'text/html', '.js': 'text/javascript', '.json': 'application/json', '.svg': 'image/svg+xml' };
// Grafana's icons.
const grafana = path.resolve(
  __dirname,
  '..',
  '..',
  '..',
  'frontend',
  'node_modules',
  '@grafana',
  'ui',
  'dist',
  'public'
);
const PLUGIN = '/public/plugins/spanlog-trace-datasource/';

function traceAnswer(refId, rows) {
  const ids = Array.from({ length: rows }, (_, i) => `span-${i}`);
  const field = (name, type) => ({ name, type, typeInfo: { frame: type } });
  const schema = {
    refId,
    meta: { preferredVisualisationType: 'trace' },
    fields: [field('traceID', 'string'), field('spanID', 'string'), field('startTime', 'number')],
  };
  return {
    results: {
      [refId]: {
        status: 200,
        frames: [{ schema, data: { values: [ids.map(() => '2f3e'), ids, ids.map((_, i) => i + 1)] } }],
      },
    },
  };
}

function start({ host, bundle, dist }) {
  const asked = [];
  let rows = 3;

  const file = (response, folder, name) => {
    const full = path.join(folder, path.normalize(name));
    fs.readFile(full, (error, content) => {
      response.writeHead(error ? 404 : 200, {
        'Content-Type': TYPES[path.extname(full)] ?? 'application/octet-stream',
        'Cache-Control': 'max-age=600',
      });
      response.end(content);
    });
  };
  const json = (response, value) => {
    response.writeHead(200, { 'Content-Type': 'application/json' });
    response.end(JSON.stringify(value));
  };

  const server = http.createServer((request, response) => {
    const url = new URL(request.url, 'http://localhost');
    const resource = /^\/api\/datasources\/uid\/spanlog\/resources\/(.+)$/.exec(url.pathname);
    if (resource) {
      asked.push({ resource: resource[1], params: Object.fromEntries(url.searchParams) });
      json(response, { values: LISTS[resource[1]] ?? [] });
    } else if (url.pathname === '/api/ds/query') {
      let body = '';
      request.on('data', (chunk) => (body += chunk));
      request.on('end', () => {
        const { queries } = JSON.parse(body);
        asked.push({ queries });
        json(response, traceAnswer(queries[0].refId, rows));
      });
    } else if (url.pathname.startsWith(PLUGIN)) {
      file(response, dist, url.pathname.slice(PLUGIN.length));
    } else if (url.pathname.startsWith('/public/')) {
      file(response, grafana, url.pathname.replace(/^\/public\/(build\/)?/, ''));
    } else if (url.pathname === '/favicon.ico') {
      response.writeHead(204).end();
    } else if (url.pathname === '/') {
      file(response, host, 'index.html');
    } else {
      file(response, bundle, url.pathname);
    }
  });

  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      resolve({
        url: `http://127.0.0.1:${server.address().port}`,
        asked,
        queries: () => asked.flatMap(({ queries }) => queries ?? []),
        resources: () => asked.filter(({ resource }) => resource).map(({ resource }) => resource),
        forget: () => asked.splice(0),
        grow: (count) => (rows = count),
        close: () => server.close(),
      });
    });
  });
}

module.exports = { start };
