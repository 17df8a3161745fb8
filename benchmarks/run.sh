#!/usr/bin/env bash
# Measures everything and writes RESULTS.md and charts/, in about ten minutes. --quick: the bounds only, in less than two; exits
# with 1 if one is missed, with 3 if the machine was too busy to tell. --only=PART,…: some parts, without a report. --repeat WHAT,… [BACKEND [LOOP]]: one
# thing, or several in turn, for six seconds, for a profiler.
set -euo pipefail
cd "$(dirname "$0")"

if [ -z "${PYASYNC_PYTHON:-}" ]; then
  # Read to its end: a reader that leaves after the first line would end this script by its pipefail.
  PYASYNC_PYTHON=$(../eng/find-pythons.sh | sed -n 1p)
  export PYASYNC_PYTHON
fi
dotnet build Benchmarks.csproj -c Release -v quiet --nologo
exec ../artifacts/bin/Benchmarks/release/Benchmarks "$@"
