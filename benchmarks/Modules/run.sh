#!/usr/bin/env bash
# run.sh --publish: publishes the module in both forms, and then makes the file "published". Ends with 3 if it cannot be measured here.
# run.sh FILE [--quick]: measures what was published in plain Python, and writes FILE in the form of ProcessResults.
set -euo pipefail
cd "$(dirname "$0")"
python=${PYASYNC_PYTHON:-python3}
folder=../../artifacts/bench-module

publish() {
  if ! dotnet publish -c Release "$@" -v quiet --nologo >$folder/publish.log 2>&1; then
    cat $folder/publish.log
    return 1
  fi
}

if [ "$1" != --publish ]; then
  exec "$python" bench.py $folder/native $folder/hosted "$@"
fi

mkdir -p $folder
rm -f $folder/published
rid=$(dotnet --info | sed -n 's/^ *RID: *//p')
if ! command -v cc clang gcc >/dev/null; then
  echo "Cannot be measured: a native module needs a linker. On Debian type: apt-get install gcc zlib1g-dev"
  exit 3
fi
publish -r "$rid" -o $folder/native
publish -p:PublishAot=false -o $folder/hosted/bench_module
touch $folder/published
echo "bench_module is published in both forms"
