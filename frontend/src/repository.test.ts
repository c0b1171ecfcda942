// The files that Grafana and other tools read: plugin.json, dashboards, provisioning. What the backend's settings know is
// checked by its own tests.
import fs from 'fs';
import path from 'path';
import { parseAllDocuments } from 'yaml';

const ROOT = path.resolve(__dirname, '..', '..');
const read = (...names: string[]) => fs.readFileSync(path.join(ROOT, ...names), 'utf8');
const json = (...names: string[]) => JSON.parse(read(...names));
const yaml = (...names: string[]) =>
  parseAllDocuments(read(...names), { uniqueKeys: true }).map((document) => {
    expect(document.errors).toEqual([]);
    return document.toJS();
  });

const plugin = json('plugin.json');

/** What every data source has. */
const ENTRY_KEYS = ['apiVersion', 'datasources', 'name', 'uid', 'type', 'access', 'editable', 'customQuery'];

/** Every object inside a value. */
function* objects(value: unknown): Generator<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null) {
    return;
  }
  if (!Array.isArray(value)) {
    yield value as Record<string, unknown>;
  }
  for (const each of Object.values(value)) {
    yield* objects(each);
  }
}

describe('plugin.json', () => {
  it('keeps the rules of Grafana’s catalog that a native backend can keep', () => {
    expect(plugin.id).toMatch(/^[0-9a-z]+-([0-9a-z]+-)?datasource$/);
    expect(plugin.name).not.toBe(plugin.id);
    expect(plugin).toMatchObject({ type: 'datasource', category: 'tracing', backend: true, executable: 'gpx_spanlog' });
    // Without tracing no link can lead here, without metrics no panel can be made.
    expect(plugin).toMatchObject({ tracing: true, metrics: true, alerting: false });
    expect(plugin.info.description.length).toBeGreaterThan(20);
    expect(plugin.info.keywords.length).toBeGreaterThan(0);
    expect(plugin.info.links.length).toBeGreaterThan(0);
    expect(plugin.info).toMatchObject({ version: '%VERSION%', updated: '%TODAY%' });
  });

  it('names only files that there are', () => {
    const files = [plugin.info.logos.small, plugin.info.logos.large];
    files.push(...plugin.info.screenshots.map((shot: { path: string }) => shot.path));
    files.push(...plugin.includes.map((include: { path: string }) => include.path));
    for (const file of files) {
      expect(fs.existsSync(path.join(ROOT, 'frontend', 'src', file))).toBe(true);
    }
  });

  it('brings every dashboard that there is', () => {
    const found = fs.readdirSync(path.join(ROOT, 'frontend', 'src', 'dashboards')).map((file) => `dashboards/${file}`);
    expect(plugin.includes.map((include: { path: string }) => include.path).sort()).toEqual(found.sort());
  });

  it('has a logo that is nothing but a drawing', () => {
    const logo = read('frontend', 'src', plugin.info.logos.small);
    expect(logo).toMatch(/^<svg /);
    expect(logo).not.toMatch(/<script|<foreignObject|href=|\bon\w+=/i);
  });
});

describe.each(plugin.includes as Array<{ name: string; path: string }>)('dashboard $name', ({ name, path: file }) => {
  const dashboard = json('frontend', 'src', file);
  const variables: string[] = dashboard.templating.list.map((variable: { name: string }) => variable.name);
  const panels: Array<Record<string, any>> = dashboard.panels;

  it('has the title under which plugin.json lists it, a uid and no id', () => {
    expect(dashboard.title).toBe(name);
    expect(dashboard.uid).toMatch(/^spanlog-[a-z-]+$/);
    expect(dashboard).not.toHaveProperty('id', expect.anything());
  });

  it('names no data source but by variable', () => {
    const special = ['-- Dashboard --', '-- Grafana --'];
    const references = [...objects(dashboard)].flatMap(({ datasource }) => (datasource ? [datasource] : []));
    expect(references.length).toBeGreaterThan(0);
    for (const reference of references as Array<{ uid: string }>) {
      const variable = /^\$\{(\w+)\}$/.exec(reference.uid)?.[1];
      expect(special.includes(reference.uid) || variables.includes(variable ?? '')).toBe(true);
    }
  });

  it('uses only variables that it has', () => {
    const own = JSON.stringify(panels).match(/\$\{(\w+)[:}]|\$(\w+)/g) ?? [];
    const names = own.map((use) => use.replace(/[${}:]/g, '')).filter((use) => !use.startsWith('__'));
    expect(names.length).toBeGreaterThan(0);
    expect(names.filter((use) => !variables.includes(use))).toEqual([]);
  });

  it('has panels with ids of their own that do not overlap', () => {
    const ids = panels.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    const cells = new Set<string>();
    for (const { gridPos, title } of panels) {
      expect(gridPos.x + gridPos.w).toBeLessThanOrEqual(24);
      for (let x = gridPos.x; x < gridPos.x + gridPos.w; x++) {
        for (let y = gridPos.y; y < gridPos.y + gridPos.h; y++) {
          expect([title, cells.has(`${x},${y}`)]).toEqual([title, false]);
          cells.add(`${x},${y}`);
        }
      }
    }
  });

  it('shares answers only of panels that there are', () => {
    const ids = panels.map(({ id }) => id);
    for (const { panelId } of objects(dashboard)) {
      expect([undefined, ...ids]).toContain(panelId);
    }
  });

  it('asks with queries that the data source understands', () => {
    const targets = panels.flatMap((panel) => panel.targets ?? []);
    const ours = targets.filter((target) => target.datasource.type === plugin.id);
    expect(ours.length).toBeGreaterThan(0);
    for (const { query, queryType } of ours) {
      expect(queryType).toBe('traceql');
      expect(query === '$trace' || query.startsWith('{')).toBe(true);
    }
  });
});

describe('provisioning', () => {
  const files = fs.readdirSync(path.join(ROOT, 'provisioning', 'datasources')).filter((file) => file.endsWith('.yaml'));
  const all = files.flatMap((file) =>
    yaml('provisioning', 'datasources', file).flatMap(({ datasources }) => datasources)
  );

  it('has the data source, and links only to data sources that it has', () => {
    const uids = all.map(({ uid }) => uid);
    expect(all.map(({ type }) => type)).toContain(plugin.id);
    const linked = [...objects(all)].flatMap(({ datasourceUid }) => (datasourceUid ? [datasourceUid] : []));
    expect(linked).toContain('spanlog');
    expect(linked.filter((uid) => !uids.includes(uid))).toEqual([]);
  });

  it('leads from logs to traces and from traces to logs', () => {
    const of = (type: string) => all.find((datasource) => datasource.type === type).jsonData;
    expect(of('loki').derivedFields[0]).toMatchObject({ datasourceUid: 'spanlog', url: '$${__value.raw}' });
    expect(of(plugin.id).tracesToLogsV2).toMatchObject({ datasourceUid: 'loki' });
  });

  it.each(files)('%s writes a dollar that is meant as two', (file) => {
    // Grafana would replace ${__trace.traceId} by an environment variable of that name: by nothing.
    const lines = read('provisioning', 'datasources', file).split('\n');
    expect(lines.filter((line) => /(?<!\$)\$\{?__/.test(line))).toEqual([]);
  });

  it('stays as right when what is commented out is put in', () => {
    const live = read('provisioning', 'datasources', 'spanlog.yaml')
      .split('\n')
      .map((line) => line.replace(/^( +)# ?((?: *- )?[{\w ]+:.*)$/, '$1$2').replace(/^( +)# ( *- \{.*)$/, '$1$2'))
      .join('\n');
    const [document] = parseAllDocuments(live, { uniqueKeys: true });
    expect(document.errors).toEqual([]);
    const [datasource] = document.toJS().datasources;
    expect(datasource.jsonData.policy.redact).toHaveLength(4);
    expect(datasource.jsonData.prices[0]).toMatchObject({ model: 'gpt-4o*' });
    expect(datasource.jsonData.logs.sameAsTraces).toBe(true);
    expect(datasource.secureJsonData.logsTlsClientKey).toBe('${LOKI_KEY}');
  });

  it('sets nothing that docs/configure.md does not explain', () => {
    const explained = read('docs', 'configure.md');
    const keys = (read('provisioning', 'datasources', 'spanlog.yaml').match(/[{,#\s-]\s*(\w+):(?=\s)/g) ?? []).map(
      (key) => key.replace(/\W/g, '')
    );
    expect(keys.length).toBeGreaterThan(50);
    expect([...new Set(keys)].filter((key) => !explained.includes(key) && !ENTRY_KEYS.includes(key))).toEqual([]);
  });

  it('loads the dashboards from where the plugin has them', () => {
    const [{ providers }] = yaml('provisioning', 'dashboards', 'spanlog.yaml');
    expect(providers[0].options.path).toMatch(new RegExp(`/plugins/${plugin.id}/dashboards$`));
  });
});
