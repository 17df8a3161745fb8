#!/usr/bin/env bash
# Installs missing packages, builds, and runs the tests on every Python found: the table in eng/TestRunner/Matrix/TestMatrix.cs lists the runs.
# The last line has the counts. `./test.sh --help` shows how to run a part.
set -uo pipefail
cd "$(dirname "$0")"

if command -v apt-get >/dev/null && [ "$(id -u)" = 0 ]; then
  packages=(
    python3 python3-venv python3-uvloop python3-greenlet python3-numpy
    python3-aiohttp python3-asyncpg python3-fastapi python3-griffe python3-httpx python3-redis python3-websockets postgresql redis-server
    python3-pytest-asyncio python3-ipykernel python3-nbclient
    gcc libc6-dev zlib1g-dev # For linking with NativeAOT.
  )
  missing=()
  for package in "${packages[@]}"; do
    dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || missing+=("$package")
  done
  if [ ${#missing[@]} -gt 0 ]; then
    # Without recommended packages, which are not used: SciPy, for a notebook's kernel.
    apt-get update -qq >/dev/null && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
  fi
  # For the tests of ASGI applications, which are skipped where a package is not available.
  for package in python3-uvicorn python3-httptools python3-fastapi python3-django python3-quart wrk chromium; do
    dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q 'ok installed' ||
      DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$package" >/dev/null 2>&1
  done
  # CPython's own tests, a package that is named after the version: if there is none, they are skipped.
  testsuite="libpython$(/usr/bin/python3 -c 'import sys; print("%d.%d" % sys.version_info[:2])')-testsuite"
  dpkg-query -W -f='${Status}' "$testsuite" 2>/dev/null | grep -q 'ok installed' ||
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq "$testsuite" >/dev/null 2>&1
fi
eng/ensure-python.sh || exit 1
# The newest Pythons, once per machine. If they are not available, the report has a line with the reason.
case " $* " in
  *" --help "* | *" -h "* | *" --list "*) ;;
  *) timeout 1200 eng/newer-pythons.sh make || true ;;
esac

dotnet build eng/TestRunner -c Release -v quiet --nologo || { echo "0 passed, 1 failed, 0 skipped"; exit 1; }

# A shell's background job ignores SIGINT and SIGQUIT, and its children inherit that: the signal tests would have nothing to test, and
# Ctrl-C would stop nothing.
signals=()
env --default-signal=INT,QUIT true 2>/dev/null && signals=(env --default-signal=INT,QUIT)
exec "${signals[@]}" artifacts/bin/TestRunner/release/TestRunner "$@"
