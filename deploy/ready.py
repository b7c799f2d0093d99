"""Wait until the process on a port is ready: `ready.py PORT [SECONDS]`; ends with 1 where not."""

import sys
import time
import urllib.error
import urllib.request

_PAUSE = 0.3


def main(port: str, seconds: str = "60") -> int:
    """Ask /readyz until it says 200; prints what it said last where it never does."""
    end, said = time.monotonic() + float(seconds), "no answer"
    while time.monotonic() < end:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=5):
                return 0
        except urllib.error.HTTPError as answer:
            said = answer.read().decode("utf-8", "replace")
        except OSError as reason:
            said = str(reason)
        time.sleep(_PAUSE)
    print(said, file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
