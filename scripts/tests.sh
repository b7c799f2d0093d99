#!/bin/sh
# All tests, or those of one area: a folder of tests/.
# Tests in a browser wait most of their time, so they run in parallel with the others.
# Usage: sh scripts/tests.sh PYTHON [AREA]
set -eu

python=$1
area=${2-}
if [ -n "$area" ]; then
    case $area in
        */* | .*) folder= ;;
        *) folder=$(find "tests/$area" -maxdepth 1 -name 'test_*.py' 2>/dev/null | head -n 1) ;;
    esac
    if [ -z "$folder" ]; then
        echo "AREA=$area: no such area. Areas:" >&2
        find tests -mindepth 2 -maxdepth 2 -name 'test_*.py' | cut -d / -f 2 | sort -u | xargs >&2
        exit 64
    fi
    exec "$python" -m pytest -n auto --dist loadfile --no-loadscope-reorder "tests/$area"
fi

log=$(mktemp)
trap 'rm -f "$log"' EXIT

"$python" -m pytest -m browser -n 1 >"$log" 2>&1 &
browser=$!
failed=0
"$python" -m pytest -m "not browser" -n auto --dist loadfile --no-loadscope-reorder || failed=1
echo "Tests in the browser:"
wait "$browser" || failed=1
cat "$log"
exit "$failed"
