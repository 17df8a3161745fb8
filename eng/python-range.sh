#!/usr/bin/env bash
# Prints the range of supported Pythons, as minor versions of Python 3: "first" the oldest, "last" the newest. It reads the range from
# SupportedPythons.cs, a source file of the library.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
case ${1:-} in
  first) name=Oldest ;;
  last) name=Newest ;;
  *) echo "usage: $0 first|last" >&2; exit 2 ;;
esac
sed -n "s/.* $name .*new(3, \([0-9]*\));.*/\1/p" "$(find Interop CPython -name SupportedPythons.cs | head -n 1)"
