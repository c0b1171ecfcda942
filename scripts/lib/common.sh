# Sourced by every script: where things are, how progress is shown, how a failure is told.
# shellcheck shell=bash

set -euo pipefail
export LC_ALL=C.UTF-8

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
DEPS=$ROOT/.deps
BUILD=${SPANLOG_BUILD:-$ROOT/build}
DIST=$ROOT/dist
LOGS=$BUILD/logs
PLUGIN_ID=spanlog-trace-datasource
export ROOT DEPS BUILD DIST LOGS PLUGIN_ID

if [[ -t 2 && -z ${NO_COLOR:-} ]]; then
  bold=$'\e[1m' red=$'\e[31m' green=$'\e[32m' dim=$'\e[2m' plain=$'\e[0m'
else
  bold='' red='' green='' dim='' plain=''
fi

# Progress goes to stderr, so that a script's stdout stays its result.
say() { printf '%s\n' "$*" >&2; }
die() { say "${red}error:${plain} $*"; exit 1; }
have() { command -v "$1" >/dev/null 2>&1; }

# version_at_least 1.26 1.26.8: true if the second is at least the first.
version_at_least() { [[ $(printf '%s\n%s\n' "$1" "$2" | sort -V | head -n 1) == "$1" ]]; }

# step NAME COMMAND...: runs a command with its output in a log; says how long it took, and the log's end if it
# failed. When a step takes long it says that it is still there. Never call it in a condition (`step ... || ...`):
# bash then ignores `set -e` inside of shell functions.
step() {
  local name=$1 log start=$SECONDS rc watcher
  shift
  mkdir -p "$LOGS"
  log=$LOGS/$(tr -cs 'A-Za-z0-9.\n' '-' <<<"$name").log
  say "${bold}==>${plain} $name"
  watch_step "$log" $$ &
  watcher=$!
  set +e
  (set -e; "$@") >"$log" 2>&1 </dev/null
  rc=$?
  set -e
  kill "$watcher" 2>/dev/null || true
  wait "$watcher" 2>/dev/null || true
  if ((rc != 0)); then
    tail -n 40 "$log" >&2
    say "    ${red}failed${plain} after $((SECONDS - start)) s (exit status $rc); all of it is in ${log#"$ROOT"/}"
    return "$rc"
  fi
  say "    ${green}done${plain} in $((SECONDS - start)) s"
}

watch_step() {
  local log=$1 parent=$2 start=$SECONDS
  while sleep 30 && kill -0 "$parent" 2>/dev/null; do
    say "    ${dim}still at it, $((SECONDS - start)) s: $(tail -n 1 "$log" | tr '\r' '\n' | tail -n 1 | cut -c1-120)${plain}"
  done
}

# load_env: the tools that scripts/setup chose. Every script but setup calls it.
load_env() {
  [[ -f $DEPS/env ]] || die ".deps/env is missing: run scripts/setup"
  # shellcheck source=/dev/null
  source "$DEPS/env"
}

# built PRESET NAME: path of an executable that was built with that preset.
built() {
  local file
  file=$(find "$BUILD/$1" -name CMakeFiles -prune -o -type f -name "$2" -perm -u+x -print -quit 2>/dev/null)
  [[ -n $file ]] || die "no $2 in ${BUILD#"$ROOT"/}/$1: run scripts/build --preset $1 $2"
  printf '%s\n' "$file"
}

plugin_version() { jq -r .version "$ROOT/frontend/package.json"; }

# npm_install: the frontend's packages, exactly as locked; again only when the lock changed.
npm_install() {
  local lock=$ROOT/frontend/package-lock.json stamp=$ROOT/frontend/node_modules/.spanlog-lock sum
  sum=$(sha256sum <"$lock")
  [[ -f $stamp && $(<"$stamp") == "$sum" ]] && return 0
  step "frontend packages" npm --prefix "$ROOT/frontend" ci --no-audit --no-fund
  printf '%s\n' "$sum" >"$stamp"
}
