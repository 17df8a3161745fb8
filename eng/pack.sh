#!/usr/bin/env bash
# pack.sh [FOLDER [OPTION...]]: packs every package into a folder (artifacts/packages), which `dotnet nuget add source` registers; the options are
# those of `dotnet pack`.
set -euo pipefail
cd "$(dirname "$0")/.."
folder=${1:-$PWD/artifacts/packages}
shift || true
dotnet pack eng/pack.proj -o "$folder" -v quiet --nologo "$@"
