#!/usr/bin/env bash
# Builds and runs samples/Quickstart: .NET and Python's asyncio await each other, first with .NET work on the thread pool, then on a
# dedicated thread, selected by configuration. Needs the .NET 10 SDK.
set -euo pipefail
cd "$(dirname "$0")"

if ! command -v dotnet >/dev/null; then
  echo "The .NET 10 SDK is needed: https://dot.net" >&2
  exit 1
fi
eng/ensure-python.sh

dotnet build samples/Quickstart -c Release -v quiet --nologo
for backend in ThreadPool DedicatedThread; do
  dotnet run --project samples/Quickstart -c Release --no-build -- "--PyAsync:Backend=$backend"
  echo
done
