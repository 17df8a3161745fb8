#!/usr/bin/env bash
# run.sh --build: builds. run.sh FILE [--quick]: measures ASGI applications under Kestrel and under uvicorn, and writes FILE in the form of ProcessResults.
# Ends with 3 if it cannot be measured here.
set -euo pipefail
cd "$(dirname "$0")"
if [ "$1" = --build ]; then
  exec dotnet build Web.csproj -c Release -v quiet --nologo
fi
exec ../../artifacts/bin/Web/release/WebBenchmark "$@"
