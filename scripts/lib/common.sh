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

# step NAME COMMAND...: runs a command with its output in a log; says how long it took, and the log's end if it failed.
# When nothing is heard for a while it says that it is still there.
step() {
  local name=$1 log start rc=0 pid waited
  shift
  mkdir -p "$LOGS"
  log=$LOGS/$(tr -cs 'A-Za-z0-9.\n' '-' <<<"$name").log
  start=$SECONDS
  say "${bold}==>${plain} $name"
  "$@" >"$log" 2>&1 </dev/null &
  pid=$!
  waited=0
  while kill -0 "$pid" 2>/dev/null; do
    sleep 0.2
    waited=$((waited + 1))
    if ((waited % 150 == 0)); then
      say "    ${dim}still at it, $((SECONDS - start)) s: $(tail -n 1 "$log" | tr -d '\r' | cut -c1-120)${plain}"
    fi
  done
  wait "$pid" || rc=$?
  if ((rc != 0)); then
    tail -n 40 "$log" >&2
    say "    ${red}failed${plain} after $((SECONDS - start)) s (exit status $rc); all of it is in ${log#"$ROOT"/}"
    return "$rc"
  fi
  say "    ${green}done${plain} in $((SECONDS - start)) s"
}
