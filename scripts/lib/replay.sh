# The recorded Tempo and Loki on this machine, for as long as the script runs.
# shellcheck shell=bash disable=SC2034

# start_replay: sets tempo and loki to the servers' addresses. The caller calls stop_replay when it ends.
start_replay() {
  local program ports
  program=$(built release spanlog-replay)
  replay_folder=$(mktemp -d)
  ports=$replay_folder/ports
  "$program" --fixtures "$ROOT/tests/fixtures" --port-file "$ports" >"$replay_folder/log" 2>&1 </dev/null &
  replay_pid=$!
  for _ in $(seq 600); do
    if [[ -s $ports ]] && grep -q loki= "$ports"; then
      tempo=$(grep -oE 'tempo=[^ ]+' "$ports" | cut -d= -f2-)
      loki=$(grep -oE 'loki=[^ ]+' "$ports" | cut -d= -f2-)
      return 0
    fi
    kill -0 "$replay_pid" 2>/dev/null || break
    sleep 0.1
  done
  cat "$replay_folder/log" >&2
  die "the replay servers did not start"
}

stop_replay() {
  [[ -n ${replay_pid:-} ]] || return 0
  kill "$replay_pid" 2>/dev/null || true
  wait "$replay_pid" 2>/dev/null || true
  rm -rf "$replay_folder"
  replay_pid=''
}
