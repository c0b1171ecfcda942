// create-plugin's webpack configuration, with output and metadata one folder up: this npm package
// is frontend/, the plugin is the whole repository.
import path from 'path';
import CopyWebpackPlugin from 'copy-webpack-plugin';
import ReplaceInFileWebpackPlugin from 'replace-in-file-webpack-plugin';
import type { Configuration } from 'webpack';
import { mergeWithCustomize, unique } from 'webpack-merge';

import grafanaConfig, { type Env } from './.config/webpack/webpack.config.ts';
import { getPackageJson, getPluginJson } from './.config/bundler/utils.ts';

const DIST = path.resolve(process.cwd(), '..', 'dist');

const config = async (env: Env): Promise<Configuration> => {
  const base = await grafanaConfig(env);
  const pluginJson = getPluginJson();
  const screenshots: Array<{ path: string }> = pluginJson.info.screenshots;

  return mergeWithCustomize<Configuration>({
    // Where both have a plugin of one of these classes, ours wins: theirs writes to frontend/dist.
    customizeArray: unique(
      'plugins',
      ['CopyPlugin', 'ReplaceInFilePlugin'],
      (plugin) => plugin && plugin.constructor && plugin.constructor.name
    ),
  })(base, {
    output: { path: DIST },
    // plugin-ui bundles editors that this plugin does not use; what is used stays below this.
    performance: { maxAssetSize: 300_000, maxEntrypointSize: 300_000 },
    plugins: [
      new CopyWebpackPlugin({
        patterns: [
          { from: 'README.md', to: '.', force: true },
          { from: 'plugin.json', to: '.' },
          { from: '../../LICENSE', to: '.' },
          { from: '../../CHANGELOG.md', to: '.', force: true },
          { from: 'dashboards/*.json', to: '.', noErrorOnMissing: true },
          { from: pluginJson.info.logos.small, to: pluginJson.info.logos.small },
          ...screenshots.map(({ path: file }) => ({ from: file, to: file })),
        ],
      }),
      new ReplaceInFileWebpackPlugin([
        {
          dir: DIST,
          test: [/(^|\/)plugin\.json$/, /(^|\/)README\.md$/],
          rules: [
            { search: /%VERSION%/g, replace: getPackageJson().version },
            { search: /%TODAY%/g, replace: new Date().toISOString().substring(0, 10) },
            { search: /%PLUGIN_ID%/g, replace: pluginJson.id },
          ],
        },
      ]),
    ],
  });
};

export default config;
