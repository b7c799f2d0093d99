#!/bin/sh
# Find nginx for the tests of deploy/, or fetch Debian's package and unpack it under build/:
# installed, it would start a server on this machine. Without it those tests are not run, which
# is a failure with CI=true. Prints where nginx is.
set -eu

place=build/nginx

works() {
    "$1" -v >/dev/null 2>&1
}

find_nginx() {
    for path in "$(command -v nginx || true)" /usr/sbin/nginx "$place/usr/sbin/nginx"; do
        if [ -n "$path" ] && works "$path"; then
            echo "$path"
            return
        fi
    done
    return 1
}

fetch() {
    mkdir -p "$place"
    (cd "$place" && apt-get download -qq nginx </dev/null >/dev/null 2>&1)
}

unpack() {
    for package in "$place"/nginx_*.deb; do
        dpkg -x "$package" "$place"
    done
}

if ! find_nginx >/dev/null; then
    if command -v apt-get >/dev/null 2>&1 && command -v dpkg >/dev/null 2>&1; then
        fetch || { [ "$(id -u)" = 0 ] && apt-get update -qq </dev/null >/dev/null && fetch; } || true
        unpack 2>/dev/null || true
    elif command -v brew >/dev/null 2>&1; then
        brew install nginx </dev/null >/dev/null || true
    fi
fi
if ! find_nginx; then
    echo "NOT RUN: tests of deploy/nginx.conf, since nginx is not here (Debian: apt-get install nginx)." >&2
    [ "${CI:-}" != true ] || exit 1
fi
