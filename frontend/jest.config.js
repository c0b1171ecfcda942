// force timezone to UTC to allow tests to work regardless of local timezone
// generally used by snapshots, but can affect specific tests
process.env.TZ = 'UTC';

const grafana = require('./.config/jest.config');

module.exports = {
  // Jest configuration provided by Grafana scaffolding
  ...grafana,
  // d3-color, which @grafana/data loads, comes as .mjs, which the scaffolding does not transform.
  // jsdom would take the build for browsers, which is no CommonJS.
  moduleNameMapper: { ...grafana.moduleNameMapper, '^yaml$': require.resolve('yaml') },
  // The editors are large pages; a busy machine needs its time for them.
  testTimeout: 120_000,
  transform: { '^.+\\.m?[jt]sx?$': Object.values(grafana.transform)[0] },
};
