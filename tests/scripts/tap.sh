# Sourced by the tests of this folder: one line "ok" or "not ok" per check, exit status 1 when a check failed.
# shellcheck shell=bash
source "$(dirname "${BASH_SOURCE[0]}")/../../scripts/lib/common.sh"

exec 3>&1
tap_failed=0
work=$(mktemp -d)
cleanup=()
finish() {
  local rc=$? command
  set +e
  for command in "${cleanup[@]}"; do eval "$command"; done
  rm -rf "$work"
  # A test that ended early has failed whatever it checked before.
  if ((rc != 0)); then printf 'not ok - the test ran to its end\n' >&3; fi
  ((rc == 0 && tap_failed == 0)) || exit 1
}
trap finish EXIT

# check NAME COMMAND...: passes when the command succeeds.
check() {
  local name=$1 said
  shift
  if said=$("$@" 2>&1); then
    printf 'ok - %s\n' "$name"
  else
    tap_failed=1
    printf 'not ok - %s\n' "$name"
    sed 's/^/#   /' <<<"${said:-$*}"
  fi
}

# is EXPECTED ACTUAL: for use with check; says both when they differ.
is() { [[ $1 == "$2" ]] || { printf 'expected: %s\nactual:   %s\n' "$1" "$2"; return 1; }; }
like() { [[ $2 =~ $1 ]] || { printf 'expected to match: %s\nactual: %s\n' "$1" "$2"; return 1; }; }
fails() { ! "$@"; }

# What Grafana puts into a plugin's environment, and nothing else.
grafana_env=(
  grafana_plugin_type=datasource PLUGIN_MIN_PORT=10000 PLUGIN_MAX_PORT=25000 PLUGIN_PROTOCOL_VERSIONS=2
)

# handshake COMMAND...: starts a plugin, sets $line to the first line of its stdout and $ended to how it ended after
# SIGTERM ("exit N", or "still running").
handshake() {
  local out=$work/handshake.out pid
  rm -f "$out"
  mkfifo "$out"
  "$@" >"$out" 2>"$work/handshake.err" </dev/null &
  pid=$!
  exec 9<"$out"
  line=''
  read -r -t 20 -u 9 line || true
  kill -TERM "$pid" 2>/dev/null || true
  ended='still running'
  for _ in $(seq 50); do
    if ! kill -0 "$pid" 2>/dev/null; then
      local rc=0
      wait "$pid" || rc=$?
      ended="exit $rc"
      break
    fi
    sleep 0.1
  done
  [[ $ended == exit* ]] || kill -KILL "$pid"
  exec 9<&-
}
HANDSHAKE='^1\|2\|unix\|/[^|]+\|grpc(\|.*)?$'
