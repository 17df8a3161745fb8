#!/usr/bin/env bash
# pack.sh [FOLDER [OPTION...]]: packs every package into a folder (artifacts/packages), which `dotnet nuget add source` registers; the options are
# those of `dotnet pack`.
set -euo pipefail
cd "$(dirname "$0")/.."
case ${1:-} in
  -*)
    sed -n '2,3s/^# //p' eng/pack.sh
    exit 2
    ;;
esac
folder=${1:-$PWD/artifacts/packages}
shift || true
dotnet pack eng/pack.proj -o "$folder" -v quiet --nologo "$@"

# NuGet never replaces a package in its cache by another of the same version: projects would use the previous build.
cache=$(dotnet nuget locals global-packages --list | sed 's/^[^:]*: *//')
version=$(sed -n 's:.*<Version>\(.*\)</Version>.*:\1:p' Directory.Build.props)
for package in "$folder"/*."$version".nupkg; do
  id=$(basename "$package" ".$version.nupkg")
  rm -rf "${cache:?}/${id,,}/${version:?}"
done
