#!/usr/bin/env bash
# Debian's newest CPythons in a separate root, outside of the tree, for a Debian release that has older ones only.
#
#   newer-pythons.sh make             creates the root, if it does not exist (once per machine; some minutes)
#   newer-pythons.sh list             prints the root's Pythons, one path a line; nothing if there is no root
#   newer-pythons.sh run COMMAND...   runs a command in the root, in the current folder and environment
#   newer-pythons.sh why              prints why there is no root, and the command to create one
#
# The root is at PYASYNC_ROOTS, by default ~/.cache/pyasync/roots. It is filled from the mirror that this machine's apt uses.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
roots=${PYASYNC_ROOTS:-${XDG_CACHE_HOME:-$HOME/.cache}/pyasync/roots}
root=$roots/sid

# Changes with the list of packages, so that a root with another list is created again.
content=2
packages=(
  ca-certificates libicu-dev procps gdb tzdata
  python3 python3-venv python3-uvloop python3-numpy
  python3-aiohttp python3-asyncpg python3-httpx python3-redis python3-websockets postgresql redis-server
  python3-pytest-asyncio python3-ipykernel python3-nbclient
  gcc libc6-dev zlib1g-dev
)
# For the tests of ASGI applications. A root that was made without them gets them, and a release that has not all of them is used all the same.
more_content=2
more=(python3-uvicorn python3-httptools python3-fastapi python3-django python3-quart wrk)
# Each of these is installed if the release has it.
wanted=()
for minor in $(seq "$("$here/python-range.sh" first)" "$("$here/python-range.sh" last)"); do
  wanted+=("python3.$minor" "python3.$minor-venv" "libpython3.$minor" "python3.$minor-dbg" "libpython3.$minor-dbg" "libpython3.$minor-testsuite")
done

# why: prints nothing if a root can be created here, else the reason and the command.
why() {
  if [ ! -r /etc/debian_version ] || ! command -v apt-get >/dev/null; then
    echo "the newer Pythons come from Debian's packages, and this is no Debian. Install them with your system's package manager and set PYASYNC_PYTHON"
  elif [ "$(id -u)" != 0 ]; then
    echo "making a root with the newer Pythons needs root. Type: sudo PYASYNC_ROOTS=$roots eng/newer-pythons.sh make"
  elif ! unshare --mount true 2>/dev/null; then
    echo "this machine allows no mounts (a container without CAP_SYS_ADMIN?). Run as root in a virtual machine: eng/newer-pythons.sh make"
  elif [ -e "$root/.made-$content" ]; then
    return
  elif [ -z "$(mirror)" ]; then
    echo "this machine's apt knows no mirror of Debian. Type: apt-get update && eng/newer-pythons.sh make"
  else
    echo "the root with the newer Pythons has not been made. Type: eng/newer-pythons.sh make"
  fi
}

# mirror: the Debian mirror of this machine's apt.
mirror() {
  apt-get indextargets --format '$(ORIGIN)|$(LABEL)|$(REPO_URI)' 'Identifier: Packages' 2>/dev/null | awk -F'|' '$1 == "Debian" && $2 == "Debian" { print $3; exit }'
}

# inside COMMAND...: runs in a root, finished or not, with the kernel's file systems. They are mounted in a namespace of this
# process only, so nothing stays mounted when it ends.
inside() {
  local target=$1
  shift
  unshare --mount --propagation private bash -c '
    target=$1
    shift
    bind() {
      mkdir -p "$target$1" && mount --rbind "$1" "$target$1"
    }
    mount -t proc proc "$target/proc" 2>/dev/null || mount --rbind /proc "$target/proc"
    bind /dev && bind /sys && bind /tmp || exit 1
    for folder in $PYASYNC_ROOT_BINDS; do bind "$folder" || exit 1; done
    cp -L /etc/resolv.conf "$target/etc/resolv.conf" 2>/dev/null
    here=$PWD
    [ -d "$target$here" ] || here=/
    exec chroot "$target" /usr/bin/env -C "$here" ${DOTNET_ROOT:+"PATH=$PATH:$DOTNET_ROOT"} "$@"' _ "$target" "$@"
}

make_root() {
  local reason making=$roots/making.$$ source
  [ ! -e "$root/.made-$content" ] || [ ! -e "$root/.more-$more_content" ] || return 0
  mkdir -p "$roots"
  # One at a time: a second caller waits, and finds the root created.
  exec 8>"$roots/lock"
  flock 8
  [ ! -e "$root/.made-$content" ] || { add_more; return; }
  # A new machine may have no package lists, from which apt knows the mirror's origin.
  [ "$(id -u)" != 0 ] || [ -n "$(mirror)" ] || apt-get update -qq >/dev/null 2>&1 || true
  reason=$(why)
  [[ -z $reason || $reason == *"has not been made"* ]] || { echo "$reason" >&2; return 1; }
  command -v debootstrap >/dev/null || { apt-get update -qq; DEBIAN_FRONTEND=noninteractive apt-get install -y -qq debootstrap; } >/dev/null
  source=$(mirror)
  trap 'rm -rf --one-file-system "$roots"/making.$$' EXIT
  echo "making $root: Debian's newest Pythons (some minutes, once)" >&2
  debootstrap --variant=minbase --include=ca-certificates sid "$making" "$source" >"$roots/log" 2>&1 || { tail -n 20 "$roots/log" >&2; return 1; }
  # A mirror may be a snapshot, whose Release files have expired.
  echo 'Acquire::Check-Valid-Until "false";' >"$making/etc/apt/apt.conf.d/99pyasync"
  # The installation starts no server.
  printf '#!/bin/sh\nexit 101\n' >"$making/usr/sbin/policy-rc.d"
  chmod +x "$making/usr/sbin/policy-rc.d"
  PYASYNC_ROOT_BINDS="" inside "$making" sh -c '
    export DEBIAN_FRONTEND=noninteractive
    apt-get update -qq || exit 1
    there=
    for package in '"${wanted[*]}"'; do
      ! apt-cache show "$package" >/dev/null 2>&1 || there="$there $package"
    done
    apt-get install -y -qq --no-install-recommends '"${packages[*]}"' $there && apt-get clean' >>"$roots/log" 2>&1 ||
    { tail -n 20 "$roots/log" >&2; return 1; }
  touch "$making/.made-$content"
  rm -rf --one-file-system "$root"
  mv "$making" "$root"
  add_more
}

# add_more: installs the packages of `more` in the root, one by one, so that one that is not there keeps no other away.
add_more() {
  [ ! -e "$root/.more-$more_content" ] && [ "$(id -u)" = 0 ] || return 0
  PYASYNC_ROOT_BINDS="" inside "$root" sh -c '
    export DEBIAN_FRONTEND=noninteractive
    apt-get update -qq || exit 1
    for package in '"${more[*]}"'; do
      apt-get install -y -qq --no-install-recommends $package || echo "$package cannot be installed"
    done
    apt-get clean' >>"$roots/log" 2>&1 || { tail -n 20 "$roots/log" >&2; return 0; }
  touch "$root/.more-$more_content"
}

# The folders that a test needs, at the same paths as outside: the tree, .NET, the packages.
binds() {
  local dotnet
  dotnet=$(dirname "$(readlink -f "$(command -v dotnet)")")
  echo "$(dirname "$here") $dotnet ${NUGET_PACKAGES:-$HOME/.nuget} ${PYASYNC_ROOT_BINDS:-}"
}

case ${1:-} in
  make) make_root ;;
  why) why ;;
  list)
    [ -e "$root/.made-$content" ] && [ -z "$(why)" ] || exit 0
    for minor in $(seq "$("$here/python-range.sh" first)" "$("$here/python-range.sh" last)"); do
      for suffix in "" d; do
        [ ! -e "$root/usr/bin/python3.$minor$suffix" ] || echo "/usr/bin/python3.$minor$suffix"
      done
    done
    ;;
  run)
    shift
    [ -e "$root/.made-$content" ] || { why >&2; exit 3; }
    export PYASYNC_ROOT_BINDS DOTNET_ROOT
    PYASYNC_ROOT_BINDS=$(binds)
    DOTNET_ROOT=$(dirname "$(readlink -f "$(command -v dotnet)")")
    inside "$root" "$@"
    exit
    ;;
  *) sed -n '2,10s/^# \{0,1\}//p' "$0"; exit 2 ;;
esac
