#!/bin/sh
# All tests: those in a browser wait most of their time, so they run beside the others.
# Usage: sh scripts/tests.sh PYTHON
set -eu

python=$1
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
