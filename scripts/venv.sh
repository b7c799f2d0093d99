#!/bin/sh
# Make the virtual environment $1 with the first Python 3.11 or later on this machine.
# Debian and Ubuntu keep ensurepip in a package of its own: as root it is installed, else named.
set -eu
folder=$1

recent() {
    "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null
}

find_python() {
    for name in ${PYTHON:-} python3 python3.14 python3.13 python3.12 python3.11 python; do
        if command -v "$name" >/dev/null 2>&1 && recent "$name"; then
            command -v "$name"
            return
        fi
    done
    echo "OneNineX needs Python 3.11 or later; none was found (PYTHON=/path/to/python names one)." >&2
    exit 1
}

has_pip_source() {
    "$python" -c 'import ensurepip, venv' 2>/dev/null
}

python=$(find_python)
if ! has_pip_source; then
    version=$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
    package="python$version-venv"
    if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
        echo "Installing $package ..."
        apt-get update -qq </dev/null
        DEBIAN_FRONTEND=noninteractive apt-get install -y -qq "$package" </dev/null >/dev/null
    else
        echo "$python cannot make virtual environments. Install its package, then run make again:" >&2
        echo "    sudo apt-get install $package" >&2
        exit 1
    fi
fi
echo "Making $folder with $python ..."
"$python" -m venv --clear "$folder"
