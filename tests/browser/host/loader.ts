// Grafana loads a plugin's module.js as an AMD module. This is as much of AMD as that takes, and it is strict: a module
// that Grafana does not provide is an error.

type Factory = (...modules: unknown[]) => unknown;

export interface Loaded {
  exports: Record<string, unknown>;
  dependencies: string[];
}

export function loadPlugin(url: string, provided: Record<string, unknown>): Promise<Loaded> {
  return new Promise((resolve, reject) => {
    const define = (dependencies: string[], factory: Factory) => {
      const missing = dependencies.filter((name) => !(name in provided) && name !== 'module' && name !== 'exports');
      if (missing.length > 0) {
        reject(new Error(`module.js wants modules that Grafana does not provide: ${missing.join(', ')}`));
        return;
      }
      const own: Record<string, unknown> = {};
      const modules = dependencies.map((name) =>
        name === 'module' ? { uri: url } : name === 'exports' ? own : provided[name]
      );
      const result = factory(...modules) ?? own;
      resolve({ exports: result as Record<string, unknown>, dependencies });
    };
    Object.assign(window, { define: Object.assign(define, { amd: {} }) });
    const script = document.createElement('script');
    script.src = url;
    script.onerror = () => reject(new Error(`${url} could not be loaded`));
    document.head.append(script);
  });
}
