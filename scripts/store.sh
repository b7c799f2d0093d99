#!/bin/sh
# Fill an empty store with the demo returns, first as sent and then as revised by the units; a
# plan without parameters for them keeps it empty.
# A store that has data is only built anew when the plan or the build queries have changed.
set -eu
python=$1
store=${ONENINEX_STORE:-data/store}
returns=build/demo

oneninex() {
    "$python" -m oneninex "$@"
}

# What was looked at before: the store and its snapshot. Finding out anew takes a second.
checked=build/store-checked
looked_at() {
    echo "$store $(cat "$store/CURRENT")"
}

if [ -f "$store/CURRENT" ]; then
    if [ "$(cat $checked 2>/dev/null)" = "$(looked_at)" ] &&
        [ -z "$(find queries oneninex data/plan "${ONENINEX_PLAN:-data/plan}" -newer $checked -type f ! -name '*.pyc' | head -n 1)" ]; then
        exit
    fi
    oneninex rebuild
    mkdir -p build
    looked_at >$checked
    exit
fi
echo "The store is empty: writing and importing demo returns ..."
rm -rf "$returns"
status=0
oneninex demo --out "$returns" || status=$?
if [ "$status" -eq 64 ]; then
    echo "The store stays empty."
    exit
fi
[ "$status" -eq 0 ]
oneninex import "$returns"
oneninex import "$returns/revised"
