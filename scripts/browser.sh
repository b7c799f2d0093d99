#!/bin/sh
# Find Chromium and a Chinese font for the browser tests, or install them where root may.
# What is missing is printed with the reason; with CI=true a missing browser is a failure.
set -eu

python=.venv/bin/python

find_browser() {
    "$python" -m tests.browser.chromium
}

has_chinese_font() {
    # macOS always has one; without fontconfig nobody can tell.
    [ "$(uname)" = Darwin ] || [ -n "$(fc-list :lang=zh family 2>/dev/null)" ]
}

may_apt() {
    [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1
}

install() {
    echo "Installing $* ..."
    [ -n "${updated:-}" ] || apt-get update -qq </dev/null || true
    updated=yes
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" \
        </dev/null >/dev/null || echo "apt-get could not install: $*" >&2
}

if ! find_browser >/dev/null; then
    if may_apt; then
        install chromium
    elif command -v brew >/dev/null 2>&1; then
        brew install --cask chromium </dev/null || true
    fi
fi
if ! has_chinese_font && may_apt; then
    install fontconfig fonts-noto-cjk
fi

has_chinese_font || echo "NOT CHECKED: how Chinese looks, since no Chinese font is installed (Debian: fonts-noto-cjk)."
if browser=$(find_browser); then
    echo "Browser: $browser"
else
    echo "NOT RUN: browser tests, since no working Chromium or Chrome was found. One of these helps:"
    echo "    sudo apt-get install chromium        (Debian)"
    echo "    brew install --cask chromium         (macOS)"
    echo "    $python -m playwright install --with-deps chromium"
    echo "    BROWSER_PATH=/path/to/chrome make test"
    [ "${CI:-}" != true ] || exit 1
fi
