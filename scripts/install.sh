#!/bin/sh
# Install the locked packages of the file $2 into the environment of the Python $1. uv takes a
# third of the time of pip; where it cannot be had or cannot reach a registry, pip does it.
set -eu
python=$1 locked=$2
pip="$python -m pip --disable-pip-version-check --no-input install --quiet"

with_uv() {
    $pip --require-hashes -r requirements-install.txt && "$python" -m uv pip install --quiet --python "$python" --require-hashes -r "$locked"
}

with_uv 2>/dev/null || $pip --require-hashes -r "$locked"
