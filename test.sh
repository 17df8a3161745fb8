#!/usr/bin/env bash
# Installs what is missing, builds, and runs every test on every Python found, over asyncio's loop and over uvloop. The last line is the
# counts. PYASYNC_PYTHONNET_FEED=<folder> names a folder that has the package pythonnet, where the usual sources have not.
set -uo pipefail
cd "$(dirname "$0")"

# --- what is missing -------------------------------------------------------------------------------------------------------------
if command -v apt-get >/dev/null && [ "$(id -u)" = 0 ]; then
  packages=(
    python3 python3-venv python3-uvloop
    python3-aiohttp python3-asyncpg python3-httpx python3-redis python3-websockets postgresql redis-server
    python3-pytest-asyncio python3-ipykernel python3-nbclient
    gcc libc6-dev zlib1g-dev # What NativeAOT links with.
  )
  missing=()
  for package in "${packages[@]}"; do
    dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || missing+=("$package")
  done
  if [ ${#missing[@]} -gt 0 ]; then
    # Without what they recommend, which is not used: SciPy, for a notebook's kernel.
    apt-get update -qq >/dev/null && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
  fi
  # CPython's own tests, a package that is named after the version: where there is none, they are skipped.
  testsuite="libpython$(/usr/bin/python3 -c 'import sys; print("%d.%d" % sys.version_info[:2])')-testsuite"
  dpkg-query -W -f='${Status}' "$testsuite" 2>/dev/null | grep -q 'ok installed' ||
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq "$testsuite" >/dev/null 2>&1
fi
eng/ensure-python.sh || exit 1

# --- build -----------------------------------------------------------------------------------------------------------------------
configuration=Release

# What needs pythonnet is built and run if pythonnet can be had.
pythonnet=false
if why_not=$(dotnet restore Interop.PythonNet -p:PythonNet=true -v quiet --nologo 2>&1); then
  pythonnet=true
fi
dotnet build Runtime.sln -c $configuration -p:PythonNet=$pythonnet -v quiet --nologo || { echo "0 passed, 1 failed, 0 skipped"; exit 1; }

# --- run -------------------------------------------------------------------------------------------------------------------------
logs=$PWD/artifacts/test-logs
rm -rf "$logs" artifacts/test-wheels
mkdir -p "$logs"

# A line for each run, with its counts; and what failed, with its reason: said once more at the end, where whoever reads the end of a log
# finds it. Files, since two lanes run side by side.
counts=$logs/counts failures=$logs/failures
: >"$counts" >"$failures"

# A shell's background job ignores SIGINT, and what it starts inherits that: the signal tests would have nothing to test, and Ctrl-C would
# stop nothing.
signals=()
env --default-signal=INT true 2>/dev/null && signals=(--default-signal=INT)
trap 'trap - INT TERM; kill 0' INT TERM

# What further arguments each test executable gets.
only=()

# tell NAME PASSED FAILED SKIPPED [MORE]: what came of a run.
tell() {
  echo "$2 $3 $4" >>"$counts"
  printf '%-60s %4d passed, %d failed, %d skipped%s\n' "$1" "$2" "$3" "$4" "${5:-}"
}

# log_of NAME
log_of() {
  echo "$logs/${1//[^A-Za-z0-9.-]/_}.log"
}

# claim NAME: whether nobody has begun it yet. Where that cannot be written down it is begun, twice rather than never.
claim() {
  local claimed
  claimed=$(log_of "$1").claimed
  mkdir "$claimed" 2>/dev/null || [ ! -d "$claimed" ]
}

# run NAME PROJECT [ENVIRONMENT...]: one test executable, its counts added to the sum.
run() {
  local name=$1 project=$2 log started=$SECONDS
  shift 2
  claim "$name" || return 0
  log=$(log_of "$name")
  env "${signals[@]}" "$@" timeout 600 "artifacts/bin/$project/${configuration,,}/$project" -noColor -noLogo "${only[@]}" >"$log" 2>&1
  local code=$? summary
  summary=$(grep -E 'Total: [0-9]+, Errors: [0-9]+, Failed: [0-9]+, Skipped: [0-9]+' "$log" | tail -n 1)
  if [[ $summary =~ Total:\ ([0-9]+),\ Errors:\ ([0-9]+),\ Failed:\ ([0-9]+),\ Skipped:\ ([0-9]+) ]]; then
    local bad=$((BASH_REMATCH[2] + BASH_REMATCH[3])) skip=${BASH_REMATCH[4]}
    local good=$((BASH_REMATCH[1] - BASH_REMATCH[3] - skip))
    if [ "$bad" = 0 ] && [ "$code" != 0 ]; then bad=1; fi
  else
    local bad=1 skip=0 good=0
  fi
  local more
  more=$(grep -E '\[SKIP\]' -A 1 "$log" | grep -vE '^--|\[SKIP\]' | sort | uniq -c | sed 's/^ */      skipped: /')
  if [ "$bad" != 0 ]; then
    local why
    why=$(grep -vE '^\s*(at |Stack Trace)' "$log" | grep -E '\[FAIL\]|FATAL|Unhandled|overflow' -A 12 | tail -n 60)
    [ -n "$why" ] && [ "$good" != 0 ] || why+=$'\n'$(tail -n 30 "$log")
    more+=$'\n'$why
    echo "--- $name (exit code $code)"$'\n'"$why" >>"$failures"
  fi
  tell "$name" "$good" "$bad" "$skip" " ($((SECONDS - started)) s)${more:+$'\n'$more}"
}

# sample NAME: the built sample.
sample() {
  echo "artifacts/bin/$1/${configuration,,}/$1"
}

# install_uvloop PYTHON: the command to type.
install_uvloop() {
  if [[ $1 == /usr/bin/* ]] && command -v apt-get >/dev/null; then
    echo "apt-get install python3-uvloop"
  else
    echo "$1 -m pip install uvloop"
  fi
}

# has_uvloop PYTHON
has_uvloop() {
  "$1" -c 'import uvloop' 2>/dev/null
}

# minor PYTHON: its version, without the patch release.
minor() {
  "$1" -c 'import sys; print("%d.%d" % sys.version_info[:2])'
}

# is_another_patch PYTHON: of the first version. What could differ is what goes by private ways, which debug mode does not.
is_another_patch() {
  [ "$1" != "$first" ] && [ "$(minor "$1")" = "$(minor "$first")" ]
}

# skip NAME REASON: what cannot be run here counts as one test that was skipped.
skip() {
  claim "skip $1" || return 0
  tell "$1" 0 0 1 $'\n'"      skipped: $2"
}

# run_sample NAME EXPECTED ENVIRONMENT... COMMAND: a sample counts as one test, which passes if it ends well and prints what is expected. By exit
# code 3 it says that it cannot be run here, and why in its last line.
run_sample() {
  local name=$1 expected=$2 log code=0 started=$SECONDS
  shift 2
  claim "$name" || return 0
  log=$(log_of "$name")
  env "$@" >"$log" 2>&1 || code=$?
  if [ $code = 3 ]; then
    skip "$name" "$(tail -n 1 "$log")"
  elif [ $code = 0 ] && grep -qF -- "$expected" "$log"; then
    tell "$name" 1 0 0 " ($((SECONDS - started)) s)"
  else
    { echo "--- $name (exit code $code)"; tail -n 30 "$log"; } >>"$failures"
    tell "$name" 0 1 0 " ($((SECONDS - started)) s)"$'\n'"$(tail -n 30 "$log")"
  fi
}

mapfile -t pythons < <(eng/find-pythons.sh)
first=${pythons[0]} newest=${pythons[-1]}
backends=(Backends.ThreadPool.Tests Backends.DedicatedThread.Tests Backends.EventLoop.Tests)

# What tests repeat they repeat in full for each way of making tasks, as users run it: on the first Python, without debug mode, over each loop; and on the
# newest, whose tasks are eager. Wherever else the same tests run, a tenth as often; and the exits of processes three tenths, which would take minutes.
fewer=PYASYNC_TEST_REPETITIONS=0.1

# Modules, packages, samples and documents: what calls the compiler, one after another since they build the same projects.
lane_of_builds() {
  run "Generators" Generators.Tests
  run "Docs on $first" Docs.Tests "PYASYNC_PYTHON=$first"
  run "Packaging on $first" Packaging.Tests "PYASYNC_PYTHON=$first"
  run "Shipping on $first" Shipping.Tests "PYASYNC_PYTHON=$first" "PYASYNC_TEST_WHEELS=$PWD/artifacts/test-wheels"
  if [ "$newest" != "$first" ]; then
    # The same wheels on the newest Python; what does not depend on one is tested already.
    only=(-class PyAsync.Tests.WheelTests -class PyAsync.Tests.SideBySideTests)
    run "Wheels on $newest" Shipping.Tests "PYASYNC_PYTHON=$newest" "PYASYNC_TEST_WHEELS=$PWD/artifacts/test-wheels"
    only=()
  fi
  run_sample "Quickstart on $first" "all 1000 came back right" "PYASYNC_PYTHON=$first" ./run.sh
  run_sample "MainAttribute on $first" "slept on ThreadPool/asyncio" "PYASYNC_PYTHON=$first" $(sample MainAttribute)
  run_sample "GenericHost on $first" "ThreadPool/asyncio is Healthy" "PYASYNC_PYTHON=$first" $(sample GenericHost)
  run_sample "GenericHost, another backend, on $first" "DedicatedThread/asyncio is Healthy" \
    "PYASYNC_PYTHON=$first" PyAsync__Backend=DedicatedThread $(sample GenericHost)
  if [ $pythonnet = true ]; then
    run_sample "PythonNetInterop on $first" "[4, 5, 5] 6 described: wind and rain" "PYASYNC_PYTHON=$first" $(sample PythonNetInterop)
  fi
  for python in "${pythons[@]}"; do
    # Modules in both forms; on another patch release the one that is compiled ahead of time.
    ! is_another_patch "$python" || only=(-class PyAsync.Tests.NativeFormTests)
    run "Modules on $python" Modules.Tests "PYASYNC_PYTHON=$python" $([ "$python" = "$first" ] && echo PYASYNC_TEST_REPETITIONS=0.3 || echo $fewer)
    only=()
    ! has_uvloop "$python" ||
      run "Modules over uvloop on $python" Modules.Tests "PYASYNC_PYTHON=$python" PYASYNC_TEST_LOOP=uvloop $fewer
  done
}

# The conformance suite on every backend, and what else is compiled already. Both lanes go through it, and each takes what the other has not.
lane_of_suites() {
  run "Architecture" Architecture.Tests
  run "CustomBackend on $first" CustomBackend.Tests "PYASYNC_PYTHON=$first" $fewer
  [ $pythonnet = true ] ||
    skip "Interop.PythonNet" "the package pythonnet cannot be restored: $(grep -m 1 -oE 'error .*' <<<"$why_not" | sed 's/ \[[^]]*]$//'). Type: PYASYNC_PYTHONNET_FEED=<folder that has it> ./test.sh"
  for python in "${pythons[@]}"; do
    suites_on "$python"
  done
}

# suites_on PYTHON
suites_on() {
  local python=$1 often project
  often=$([ "$python" = "$first" ] || echo $fewer)
  run "Interop on $python" Interop.Tests "PYASYNC_PYTHON=$python"
  run "Hosting on $python" Hosting.Tests "PYASYNC_PYTHON=$python" $often
  for project in "${backends[@]}"; do
    is_another_patch "$python" ||
      run "${project%.Tests} on $python" "$project" "PYASYNC_PYTHON=$python" $([ "$python $project" = "$newest ${backends[0]}" ] || echo $fewer)
  done
  if [ $pythonnet = true ] && { [ "$python" = "$first" ] || [ "$python" = "$newest" ]; }; then
    run "Interop.PythonNet on $python" Interop.PythonNet.Tests "PYASYNC_PYTHON=$python" $fewer
  fi

  # asyncio's debug mode, which the suite runs in, has tasks made the slow way before 3.12: once more without.
  if "$python" -c 'import sys; sys.exit(sys.version_info >= (3, 12))'; then
    for project in "${backends[@]}"; do
      run "${project%.Tests} without debug mode on $python" "$project" "PYASYNC_PYTHON=$python" PYASYNC_TEST_DEBUG=0 $often
    done
  fi

  # The same tests over uvloop, and its own; in debug mode on one backend, since what debug mode changes is the same on all.
  if ! has_uvloop "$python"; then
    skip "uvloop on $python" "uvloop is not installed there. Type: $(install_uvloop "$python")"
    return
  fi
  for project in Hosting.Tests "${backends[0]}" Backends.Uvloop.Tests; do
    run "${project%.Tests} over uvloop on $python" "$project" "PYASYNC_PYTHON=$python" PYASYNC_TEST_LOOP=uvloop $fewer
  done
  for project in "${backends[@]}"; do
    run "${project%.Tests} over uvloop without debug mode on $python" "$project" "PYASYNC_PYTHON=$python" PYASYNC_TEST_LOOP=uvloop PYASYNC_TEST_DEBUG=0 $often
  done
  run_sample "UvloopApp on $python" "slept on ThreadPool/uvloop" "PYASYNC_PYTHON=$python" $(sample UvloopApp)
  run_sample "GenericHost, another loop, on $python" "DedicatedThread/uvloop is Healthy" \
    "PYASYNC_PYTHON=$python" $(sample GenericHost) --PyAsync:Backend=DedicatedThread --PyAsync:EventLoop=uvloop
}

{ lane_of_builds; lane_of_suites; } &
builds=$!
lane_of_suites &
suites=$!
wait $builds || tell "The lane of builds, to its end" 0 1 0
wait $suites || tell "The lane of suites, to its end" 0 1 0

# Last, when nothing else runs: the ratios that are promised, but for memory, whose measuring takes longer.
if [ -z "${PYASYNC_NO_BENCHMARKS:-}" ]; then
  run_sample "Benchmarks, in short, on $first" " of " "PYASYNC_PYTHON=$first" benchmarks/run.sh --quick --only=onebyone,atonce,pending,into,allocations,start,modules
fi

[ ! -s "$failures" ] || { printf '\nWhat failed:\n'; cat "$failures"; }
passed=0 failed=0 skipped=0
while read -r good bad skip; do
  passed=$((passed + good)) failed=$((failed + bad)) skipped=$((skipped + skip))
done <"$counts"
echo "$passed passed, $failed failed, $skipped skipped"
# Nothing that ran at all is no success either.
[ "$failed" = 0 ] && [ "$passed" -gt 0 ]
