#!/bin/sh
# Find a Java for the Spark tests, or install one where root may.
# What is missing is printed with the reason; with CI=true a missing Java is a failure.
set -eu

has_java() {
    command -v java >/dev/null 2>&1 && java -version >/dev/null 2>&1
}

if ! has_java; then
    if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
        echo "Installing default-jre-headless ..."
        apt-get update -qq </dev/null || true
        DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
            default-jre-headless </dev/null >/dev/null || true
    elif command -v brew >/dev/null 2>&1; then
        brew install openjdk@17 </dev/null || true
        PATH="$(brew --prefix openjdk@17)/bin:$PATH"
    fi
fi

if has_java; then
    echo "Java: $(command -v java)"
else
    echo "NOT RUN: tests on a Spark cluster, since no Java was found. One of these helps:"
    echo "    sudo apt-get install default-jre-headless    (Debian)"
    echo "    brew install openjdk@17                      (macOS)"
    [ "${CI:-}" != true ] || exit 1
fi
