#!/usr/bin/env bash
# Measures everything, on the system's Python and on the newest one that has uvloop, and writes RESULTS.md and charts/, in about a quarter of an hour for each.
# With PYASYNC_PYTHON: on this Python only; the report has those of earlier runs beside it. --quick: the bounds only; exits
# with 1 if one is missed, with 3 if the machine was too busy for a result. --only=PART,…: some parts, without a report. --loops=LOOP,…:
# some of asyncio, asyncio-one-core, uvloop and uvloop-one-core, without a report. --no-build, as the first argument: with the programs as they are. --repeat WHAT,… [BACKEND [LOOP]]: one path, or several in turn, for six
# seconds, for a profiler. --render: writes the report again.
set -euo pipefail
cd "$(dirname "$0")"
benchmarks=../artifacts/bin/Benchmarks/release/Benchmarks
newer=../eng/newer-pythons.sh
python=${PYASYNC_PYTHON:-}

if [ -z "$python" ] && [ -x /usr/bin/python3 ]; then
  export PYASYNC_PYTHON=/usr/bin/python3 # The system's own, which has uvloop too.
fi
if [ "${1:-}" != --no-build ]; then
  dotnet build Benchmarks.csproj -c Release -v quiet --nologo
fi
if [ -n "$python" ] || [ $# != 0 ]; then
  exec "$benchmarks" "$@"
fi

missed=0
"$benchmarks" || missed=1
for path in $($newer list | sort -rV); do
  if $newer run "$path" -c 'import uvloop, sys; sys.exit(hasattr(sys, "gettotalrefcount"))' 2>/dev/null; then
    PYASYNC_PYTHON=$path $newer run "$benchmarks" || missed=1
    break
  fi
done
exit $missed
