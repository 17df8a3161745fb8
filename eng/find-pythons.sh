#!/usr/bin/env bash
# Prints every CPython from 3.10 to 3.13 with a shared library that is to be found, one path a line, the system's own first.
set -euo pipefail

candidates=(/usr/bin/python3)
for minor in 10 11 12 13; do
  candidates+=("/usr/bin/python3.$minor" "/usr/local/bin/python3.$minor")
done
if command -v pyenv >/dev/null; then
  for python in "$(pyenv root)"/versions/*/bin/python3; do
    candidates+=("$python")
  done
fi
while IFS= read -r python; do
  candidates+=("$python")
done < <(type -ap python3 || true)

declare -A seen
for python in "${candidates[@]}"; do
  [ -x "$python" ] || continue
  executable=$("$python" - <<'PY' 2>/dev/null || true
import os, sys, sysconfig
v = sysconfig.get_config_vars()
name = v.get("INSTSONAME") or ""
shared = not name.endswith(".a") and os.path.exists(os.path.join(v.get("LIBDIR") or "", name))
if (3, 10) <= sys.version_info[:2] <= (3, 13) and shared and not v.get("Py_GIL_DISABLED"):
    print(os.path.realpath(sys.executable))
PY
)
  if [ -n "$executable" ] && [ -z "${seen[$executable]:-}" ]; then
    seen[$executable]=1
    echo "$executable"
  fi
done
