#!/usr/bin/env bash
# Makes sure that a Python with its shared library is available: installs it if permitted, else prints the command.
set -euo pipefail

has_library() {
  "$1" - <<'PY' 2>/dev/null
import os, sys, sysconfig
v = sysconfig.get_config_vars()
found = any(
    folder and name and os.path.exists(os.path.join(folder, name))
    for folder in (v.get("LIBDIR"), v.get("LIBPL"), os.path.join(sys.base_prefix, "lib"))
    for name in (v.get("INSTSONAME"), "libpython3.%d.so.1.0" % sys.version_info[1], "libpython3.%d.dylib" % sys.version_info[1])
    if name and not name.endswith(".a")
)
sys.exit(0 if sys.version_info >= (3, 11) and found else 1)
PY
}

for candidate in "${PYASYNC_PYTHON:-}" python3 /usr/bin/python3; do
  if [ -n "$candidate" ] && command -v "$candidate" >/dev/null && has_library "$candidate"; then
    exit 0
  fi
done

if command -v apt-get >/dev/null; then
  if [ "$(id -u)" = 0 ]; then
    apt-get update -qq >/dev/null
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq python3 >/dev/null
    version=$(/usr/bin/python3 -c 'import sys; print("%d.%d" % sys.version_info[:2])')
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq "libpython$version" >/dev/null
    exit 0
  fi
  echo "PyAsync needs Python's shared library. Type: sudo apt-get install python3 libpython3-dev" >&2
elif command -v dnf >/dev/null; then
  echo "PyAsync needs Python's shared library. Type: sudo dnf install python3-libs" >&2
elif command -v brew >/dev/null; then
  echo "PyAsync needs Python. Type: brew install python" >&2
else
  echo "PyAsync needs Python 3.11 or newer with its shared library: install it with your system's package manager." >&2
fi
exit 1
