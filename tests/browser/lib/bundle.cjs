// Bundles the page of host/ with the frontend's own packages. Webpack's cache makes the second run fast.
const path = require('path');
const webpack = require('webpack');

const frontend = path.resolve(__dirname, '..', '..', '..', 'frontend');

function bundle(output) {
  const modules = [path.join(frontend, 'node_modules')];
  const compiler = webpack({
    mode: 'development',
    devtool: false,
    entry: path.join(__dirname, '..', 'host', 'host.tsx'),
    output: { path: output, filename: 'host.js', publicPath: '/', chunkFilename: 'chunk-[id].js' },
    cache: { type: 'filesystem', cacheDirectory: path.join(frontend, 'node_modules', '.cache', 'browser-host') },
    resolve: { extensions: ['.tsx', '.ts', '.mjs', '.js'], modules: [...modules, 'node_modules'] },
    resolveLoader: { modules },
    module: {
      rules: [
        {
          test: /\.tsx?$/,
          loader: 'swc-loader',
          options: { jsc: { target: 'es2020', parser: { syntax: 'typescript', tsx: true } } },
        },
        { test: /\.css$/, use: ['style-loader', 'css-loader'] },
        { test: /\.(svg|png|woff2?|ttf)$/, type: 'asset/inline' },
        // ES modules of @grafana/* import files of others without an ending.
        { test: /\.m?js$/, resolve: { fullySpecified: false } },
      ],
    },
    // Editors with their own loader; none of ours uses them.
    externals: [/^monaco-editor/],
    // React without the checks it makes for developers, as Grafana ships it.
    optimization: { nodeEnv: 'production' },
    performance: false,
  });
  return new Promise((resolve, reject) => {
    compiler.run((error, stats) => {
      compiler.close(() => {
        if (error || stats.hasErrors()) {
          reject(error ?? new Error(stats.toString({ all: false, errors: true })));
        } else {
          resolve();
        }
      });
    });
  });
}

module.exports = { bundle };
