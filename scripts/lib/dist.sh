# What goes into dist/ and the zip.
# shellcheck shell=bash

# put_executable ARCH PRESET: the executable, stripped, under the name that Grafana looks for.
put_executable() {
  local arch=$1 name=gpx_spanlog_linux_$1 strip=strip source
  [[ $arch == arm64 ]] && strip=aarch64-linux-gnu-strip
  source=$(built "$2" "$name")
  mkdir -p "$DIST"
  # Into place in one move: the old one may be running.
  "$strip" -o "$DIST/.$name" "$source"
  chmod 0755 "$DIST/.$name"
  mv "$DIST/.$name" "$DIST/$name"
}

# make_zip FILE: dist/ under one root folder, the plugin's id; the same bytes for the same content.
make_zip() {
  local zip=$1 work epoch
  work=$(mktemp -d)
  epoch=$(git -C "$ROOT" log -1 --format=%ct 2>/dev/null || date +%s)
  mkdir "$work/$PLUGIN_ID"
  cp -R "$DIST/." "$work/$PLUGIN_ID/"
  find "$work/$PLUGIN_ID" -type d -exec chmod 0755 {} +
  find "$work/$PLUGIN_ID" -type f ! -name 'gpx_*' -exec chmod 0644 {} +
  find "$work" -exec touch -d "@$epoch" {} +
  rm -f "$zip"
  (cd "$work" && find "$PLUGIN_ID" -type f | sort | TZ=UTC zip -q -X -9 "$zip" -@)
  rm -rf "$work"
}
