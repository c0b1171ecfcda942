# The stages of scripts/test. Each leaves "passed failed" in its file below $RESULTS and fails when a test did.
# shellcheck shell=bash disable=SC2154

# count STAGE PASSED FAILED: adds to what the stage counted before.
count() {
  local good=0 bad=0
  if [[ -f $RESULTS/$1 ]]; then read -r good bad <"$RESULTS/$1"; fi
  printf '%d %d\n' $((good + $2)) $((bad + $3)) >"$RESULTS/$1"
}

# counted STAGE NAME COMMAND...: one step that is one test; a failure is counted, and the stage goes on.
counted() {
  local stage=$1 rc
  shift
  set +e
  (set -e; step "$@")
  rc=$?
  set -e
  count "$stage" $((rc == 0)) $((rc != 0))
}

# unit_tests STAGE PRESET [ROOM_test...]: ctest, counted by what each GoogleTest program reports. Default: all rooms.
unit_tests() {
  local stage=$1 preset=$2 reports=$RESULTS/$1.gtest rc=0 good bad only=.
  shift 2
  if (($#)); then only="^unit\\.($(IFS='|'; printf '%s' "${*%_test}"))\$"; fi
  "$ROOT/scripts/build" --preset "$preset" --backend "${@:-all}"
  rm -rf "$reports"
  mkdir -p "$reports"
  set +e
  (set -e; GTEST_OUTPUT=json:$reports/ step "run $stage tests" \
    ctest --test-dir "$BUILD/$preset" --tests-regex "$only" --output-on-failure --no-tests=error --timeout 600 --parallel "$(nproc)")
  rc=$?
  set -e
  good=$(cat "$reports"/*.json | jq -s 'map(.tests - .failures - .disabled) | add // 0')
  bad=$(cat "$reports"/*.json | jq -s 'map(.failures) | add // 0')
  # A program that crashed wrote no report: ctest alone knows of it.
  if ((rc != 0 && bad == 0)); then bad=1; fi
  count "$stage" "$good" "$bad"
  return "$rc"
}

stage_unit() { unit_tests unit release; }

stage_asan() {
  export ASAN_OPTIONS=detect_stack_use_after_return=1:strict_string_checks=1
  export UBSAN_OPTIONS=print_stacktrace=1
  unit_tests asan asan
}

# The rooms that share things between threads: all of them under another sanitizer would take longer than CI has. Debian's
# gRPC was built without ThreadSanitizer, which sees no lock and no atomic of it and takes every hand-over between its
# threads for a race: what goes through a server of it is left out. A report makes its program fail.
stage_tsan() {
  export TSAN_OPTIONS=second_deadlock_stack=1
  export GTEST_FILTER='-ServerTest.*:RunTest.*'
  unit_tests tsan tsan base_test http_test host_test
}

FUZZ_TARGETS=(otlp otlp_json jaeger zipkin loki dialects query settings log_line)

# Each target for SPANLOG_FUZZ_SECONDS, with the rooms as stage asan built them and changes by chance. SPANLOG_FUZZ_PRESET=fuzz
# builds them once more with clang, so that libFuzzer sees what an input covers: for long runs. What breaks is left in
# build/<preset>/crashes; what libFuzzer kept, in build/fuzz/found.
stage_fuzz() {
  local target preset=${SPANLOG_FUZZ_PRESET:-asan} arguments
  local folder=$BUILD/$preset seconds=${SPANLOG_FUZZ_SECONDS:-12}
  "$ROOT/scripts/build" --preset "$preset" --backend fuzz
  python3 "$ROOT/tests/fuzz/make_seeds.py" "$ROOT/tests/fixtures" "$ROOT/tests/fuzz/corpus" "$folder/seeds"
  mkdir -p "$folder/crashes"
  if [[ $preset == fuzz ]]; then python3 "$ROOT/tests/fuzz/make_words.py" "$ROOT/backend" >"$folder/words"; fi
  for target in "${FUZZ_TARGETS[@]}"; do
    arguments=("-seconds=$seconds" "-artifacts=$folder/crashes")
    if [[ $preset == fuzz ]]; then
      mkdir -p "$folder/found/$target"
      arguments=("-max_total_time=$seconds" -timeout=30 -rss_limit_mb=4096 -max_len=49152 -use_value_profile=1
        -print_final_stats=1 "-artifact_prefix=$folder/crashes/$target-" "-dict=$folder/words" "$folder/found/$target")
    fi
    counted fuzz "fuzz $target" "$folder/bin/${target}_fuzz" "${arguments[@]}" "$folder/seeds/$target"
    say "    $(grep -aE ' runs, |^Done ' "$LOGS/fuzz-${target//_/-}.log" | tail -n 1)"
  done
}

stage_soak() {
  source "$ROOT/scripts/lib/dist.sh"
  "$ROOT/scripts/build" --backend gpx_spanlog
  put_executable amd64 release
  counted soak "soak ${SPANLOG_SOAK:-10m}" soak_test
  tail -n 30 "$LOGS"/soak-*.log >&2
}

soak_test() {
  cd "$ROOT/tests/conformance"
  SPANLOG_PLUGIN=$DIST/gpx_spanlog_linux_amd64 SPANLOG_FIXTURES=$ROOT/tests/fixtures SPANLOG_SOAK=${SPANLOG_SOAK:-10m} \
    go test -count=1 -timeout 2h -v -run '^TestSoak$' .
}

stage_conformance() {
  source "$ROOT/scripts/lib/dist.sh"
  local report=$RESULTS/conformance.json rc good bad
  "$ROOT/scripts/build" --backend gpx_spanlog
  put_executable amd64 release
  set +e
  (set -e; step "conformance tests" go_tests "$report")
  rc=$?
  set -e
  good=$(jq -s 'map(select(.Action == "pass" and .Test)) | length' "$report")
  bad=$(jq -s 'map(select(.Action == "fail" and .Test)) | length' "$report")
  jq -rs '[.[] | select(.Action == "fail" and .Test) | "failed: " + .Test] | .[]' "$report"
  if ((rc != 0 && bad == 0)); then bad=1; fi
  count conformance "$good" "$bad"
  return "$rc"
}

go_tests() {
  cd "$ROOT/tests/conformance"
  go vet ./...
  # The text goes to the log, the events to the report.
  SPANLOG_PLUGIN=$DIST/gpx_spanlog_linux_amd64 SPANLOG_FIXTURES=$ROOT/tests/fixtures \
    go test -json -count=1 -timeout 20m ./... >"$1" || {
    jq -rj 'select(.Action == "output") | .Output' "$1"
    return 1
  }
  jq -rj 'select(.Action == "output" and (.Test | not)) | .Output' "$1"
}

stage_frontend() {
  local report=$RESULTS/frontend.json rc good bad
  npm_install
  counted frontend "frontend types" npm --prefix "$ROOT/frontend" run typecheck
  counted frontend "frontend lint" npm --prefix "$ROOT/frontend" run lint
  set +e
  (set -e; step "frontend tests" \
    npm --prefix "$ROOT/frontend" run test:ci -- --ci --json --outputFile="$report")
  rc=$?
  set -e
  good=$(jq .numPassedTests "$report")
  bad=$(jq '.numFailedTests + .numRuntimeErrorTestSuites' "$report")
  count frontend "$good" "$bad"
  return "$rc"
}

stage_browser() {
  local report=$RESULTS/browser.out rc good bad
  "$ROOT/scripts/build" --frontend
  set +e
  (set -e; step "editors in a browser" browser_tests "$report")
  rc=$?
  set -e
  read -r good bad < <(sed -nE 's/^([0-9]+) passed, ([0-9]+) failed.*/\1 \2/p' "$report" | tail -n 1) || good=0 bad=0
  count browser "$good" "$bad"
  return "$rc"
}

browser_tests() {
  npm --prefix "$ROOT/frontend" run test:browser 2>&1 | tee "$1"
}

stage_package() {
  "$ROOT/scripts/package" --arch all
  count package 1 0
}

stage_scripts() {
  local file rc=0 result
  [[ -x $DIST/gpx_spanlog_linux_arm64 ]] || "$ROOT/scripts/package"
  "$ROOT/scripts/build" --backend gpx_spanlog spanlog spanlog-replay
  for file in "$ROOT"/tests/scripts/*_test; do
    say "${bold}==>${plain} ${file#"$ROOT"/}"
    set +e
    "$file" >"$RESULTS/$(basename "$file").tap"
    result=$?
    set -e
    cat "$RESULTS/$(basename "$file").tap" >&2
    ((result == 0)) || rc=1
    count scripts "$(grep -c '^ok ' "$RESULTS/$(basename "$file").tap")" \
      "$(grep -c '^not ok ' "$RESULTS/$(basename "$file").tap")"
  done
  return "$rc"
}
