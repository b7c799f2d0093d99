"""Find a Chromium that starts, and the switches it needs to stay offline and draw WebGL."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
APPLICATIONS = (
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
)
ARGUMENTS = [
    "--no-sandbox",  # containers and root have no user namespaces
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-quic",
    "--disable-dev-shm-usage",
    # Software WebGL: the maps have to be drawn on machines without a graphics card too.
    "--use-gl=angle",
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
    "--ignore-gpu-blocklist",
    # Pages are drawn by the processor, as a browser without a graphics card does: with the
    # switches above (and Debian's start script) it would imitate a card for them too, at a cost.
    "--disable-gpu-rasterization",
    "--disable-gpu-compositing",
    # Whatever asks for another host fails at once; dashboard.Watch reports that it asked.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
]
ABSENT = "no working Chromium or Chrome (`make browser` says how to get one)"


@cache
def find() -> Path | None:
    """The first browser that answers `--version`; BROWSER_PATH goes before all others."""
    return next((path for path in _candidates() if _starts(path)), None)


def _candidates() -> Iterator[Path]:
    if named := os.environ.get("BROWSER_PATH"):
        yield Path(named)
    yield from (Path(found) for name in NAMES if (found := shutil.which(name)))
    yield from (Path(name) for name in APPLICATIONS)
    if own := _playwrights_own():
        yield own


def _playwrights_own() -> Path | None:
    """What `playwright install chromium` brought, where somebody ran it."""
    caches = [
        Path.home() / ".cache/ms-playwright",
        Path.home() / "Library/Caches/ms-playwright",
        Path(os.environ.get("PLAYWRIGHT_BROWSERS_PATH") or os.devnull),
    ]
    for folder in caches:
        for pattern in (
            "chromium-*/chrome-linux*/chrome",
            "chromium-*/chrome-mac*/*.app/*/MacOS/*",
        ):
            if found := sorted(folder.glob(pattern)):
                return found[-1]
    return None


def _starts(path: Path) -> bool:
    """Ubuntu's chromium may be a stub that only names a snap: a file alone proves nothing."""
    try:
        done = subprocess.run([path, "--version"], capture_output=True, timeout=60, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0


if __name__ == "__main__":
    found = find()
    print(found or ABSENT)
    sys.exit(found is None)
