#!/usr/bin/env bash
# Measures everything and writes RESULTS.md and charts/, in about ten minutes. --quick: the bounds only, in less than two; exits
# with 1 if one is missed, with 3 if the machine was too busy for a result. --only=PART,…: some parts, without a report. --repeat WHAT,… [BACKEND [LOOP]]:
# one path, or several in turn, for six seconds, for a profiler.
set -euo pipefail
cd "$(dirname "$0")"

if [ -z "${PYASYNC_PYTHON:-}" ] && [ -x /usr/bin/python3 ]; then
  export PYASYNC_PYTHON=/usr/bin/python3 # The system's own, which has uvloop too.
fi
dotnet build Benchmarks.csproj -c Release -v quiet --nologo
exec ../artifacts/bin/Benchmarks/release/Benchmarks "$@"
