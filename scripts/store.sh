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

if [ -f "$store/CURRENT" ]; then
    oneninex rebuild
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
