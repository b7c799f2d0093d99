"""Look at every locked package: known vulnerabilities, licences, hashes, versions.

Ends with 1 when something is wrong. What could not be looked at is said under NOT CHECKED: it is
never counted as good.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LOCKS = ("requirements.txt", "requirements-dev.txt")
PATIENCE = 60  # seconds for the vulnerability service
OLD = 180  # days after which locks are worth renewing
# Parts of licence names that ask nothing more than notice, or changes to the package's own files.
ALLOWED = re.compile(
    r"^(?:0BSD|MIT|MIT-0|MIT-CMU|HPND|BSD|BSD-[23]-Clause|[23]-Clause BSD|ISC|ISCL|Zlib|CC0-1\.0"
    r"|Apache|Apache-2\.0|Apache(?: License)? 2\.0|Apache Software|PSF-2\.0|Python-2\.0"
    r"|CNRI-Python|Python Software Foundation|MPL-2\.0|Mozilla Public License 2\.0"
    r"|The Unlicense|Unlicense|Public Domain)$"
)
# Looked at by a person: package to why it may be used, and in which lock.
RECORDED = {
    "python-stdnum": "LGPL-2.1 or later, used as it is: docs/decisions/0004-python-stdnum.md",
    "text-unidecode": "Artistic License chosen of the two offered; tests only",
    "axe-playwright-python": "MIT by its licence file, which its metadata leave out; tests only",
    "pypdfium2": "BSD-3-Clause and Apache-2.0 with the notices of PDFium; tests only",
    "owlrl": "W3C Software Notice and License, permissive; tests only",
}


@dataclass
class Found:
    """What is wrong, and what nobody could look at."""

    wrong: list[str] = field(default_factory=list)
    unchecked: list[str] = field(default_factory=list)
    good: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Pin:
    """A line of a lock file."""

    name: str
    version: str
    hashed: bool


def pins(text: str) -> Iterator[Pin]:
    """The packages of a lock file; a line that pins nothing is a pin without version."""
    entries = [entry for entry in re.split(r"\n(?=\S)", text) if not entry.startswith("#")]
    for entry in filter(str.strip, entries):
        found = re.match(r"([A-Za-z0-9][\w.-]*)(?:\[[^\]]*\])?==([^\s;]+)", entry)
        name = found[1] if found else entry.split()[0]
        yield Pin(_canonical(name), found[2] if found else "", "--hash=sha256:" in entry)


def _canonical(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def locks(found: Found, texts: dict[str, str]) -> dict[str, Pin]:
    """Whether each package is pinned with hashes; gives them all."""
    everything: dict[str, Pin] = {}
    for file, text in texts.items():
        for pin in pins(text):
            everything[pin.name] = pin
            if not pin.version or not pin.hashed:
                found.wrong.append(f"{file}: {pin.name} has no exact version or no hash")
    found.good.append(f"{len(everything)} packages are pinned with hashes")
    return everything


def installed(found: Found, locked: dict[str, Pin]) -> dict[str, metadata.PackageMetadata]:
    """The metadata of the locked packages that are here, in the locked version."""
    here = {_canonical(one.metadata["Name"]): one for one in metadata.distributions()}
    for name, pin in locked.items():
        if name in here and here[name].version != pin.version:
            found.wrong.append(f"{name} is {here[name].version}, the lock says {pin.version}")
    absent = sorted(locked.keys() - here.keys())
    if absent:
        found.unchecked.append(f"licences of packages not installed here: {', '.join(absent)}")
    return {name: here[name].metadata for name in locked if name in here}


def licences(found: Found, known: dict[str, metadata.PackageMetadata]) -> None:
    """Whether every package's licence is allowed, or was looked at and recorded."""
    for name, about in known.items():
        told = licence(about)
        if name not in RECORDED and not is_allowed(told):
            found.wrong.append(f"{name} is under {told or 'no licence that it names'}")
    recorded = sorted(RECORDED.keys() & known.keys())
    found.good.append(f"licences of {len(known)} packages are allowed; {len(recorded)} by record:")
    found.good += [f"  {name}: {RECORDED[name]}" for name in recorded]


def licence(about: metadata.PackageMetadata) -> str:
    """A package's licence: its expression, else its classifiers, else the field of old."""
    if expression := _one_of(about, "License-Expression"):
        return expression
    listed = [one.split(" :: ") for one in about.get_all("Classifier") or []]
    named = [parts[-1] for parts in listed if parts[0] == "License" and len(parts) > 2]
    return " AND ".join(named) or _one_of(about, "License").strip().split("\n")[0]


def _one_of(about: metadata.PackageMetadata, name: str) -> str:
    return (about.get_all(name) or [""])[0]


def is_allowed(told: str) -> bool:
    """Whether a licence expression can be met: each AND, of each OR one."""
    bare = re.sub(r"\s\([A-Z0-9+. ]+\)", "", told)  # classifiers repeat the short name
    parts = re.split(r"\s+AND\s+|;", bare.replace("(", " ").replace(")", " "))
    return bool(told.strip()) and all(
        any(_one(choice) for choice in re.split(r"\s+OR\s+", part)) for part in parts
    )


def _one(name: str) -> bool:
    name = re.sub(r"\s+", " ", name).strip()
    short = re.sub(r"\s*License\b(?! 2)", "", name).strip()
    return bool(ALLOWED.match(name) or ALLOWED.match(short))


def vulnerabilities(found: Found) -> None:
    """Ask pip-audit's service about the versions that run the dashboard and the tests."""
    line = [sys.executable, "-m", "pip_audit", "--progress-spinner", "off", "--format", "json"]
    line += ["--disable-pip", "--require-hashes", "-r", LOCKS[0], "-r", LOCKS[1]]
    try:
        done = subprocess.run(
            line, cwd=ROOT, capture_output=True, text=True, timeout=PATIENCE, check=False
        )
        told = json.loads(done.stdout)["dependencies"]
    except subprocess.TimeoutExpired:
        found.unchecked.append("known vulnerabilities: the service did not answer in time")
    except (ValueError, KeyError, TypeError):
        found.unchecked.append("known vulnerabilities: pip-audit or its service is not at hand")
    else:
        judged(found, told)


def judged(found: Found, told: list[dict]) -> None:
    """What pip-audit says; a package that it skipped was not looked at."""
    skipped = sorted(one["name"] for one in told if "skip_reason" in one)
    looked = [one for one in told if "vulns" in one]
    for one in looked:
        for fault in one["vulns"]:
            mended = ", ".join(fault.get("fix_versions") or ["none yet"])
            found.wrong.append(f"{one['name']} {one['version']}: {fault['id']}, mended in {mended}")
    if looked:
        found.good.append(f"known vulnerabilities of {len(looked)} packages were looked up")
    if skipped or not looked:
        found.unchecked.append(
            f"known vulnerabilities of {len(skipped) or 'all'} packages: the service knows none "
            "of them or cannot be reached"
        )


def age(found: Found) -> None:
    """How old the locks are; the releases' own dates and withdrawals only the index knows."""
    line = ["git", "log", "-1", "--format=%ct", "--", *LOCKS]
    done = subprocess.run(line, cwd=ROOT, capture_output=True, text=True, check=False)
    found.unchecked.append("releases withdrawn by their authors, and the age of each release")
    if not done.stdout.strip().isdigit():
        found.unchecked.append("age of the locks: no history here")
        return
    days = (datetime.now(UTC) - datetime.fromtimestamp(int(done.stdout), UTC)).days
    advice = "; renew them with make lock UPGRADE=1" if days > OLD else ""
    found.good.append(f"the locks were last written {days} days ago{advice}")


def main() -> int:
    """Look at everything, and say what is wrong, what is good and what was not checked."""
    found = Found()
    locked = locks(found, {name: (ROOT / name).read_text(encoding="utf-8") for name in LOCKS})
    licences(found, installed(found, locked))
    vulnerabilities(found)
    age(found)
    for line in found.good:
        print(line)
    for line in found.unchecked:
        print(f"NOT CHECKED: {line}")
    for line in found.wrong:
        print(f"WRONG: {line}")
    print(
        f"Dependencies: {len(found.wrong)} faults, {len(found.unchecked)} things not checked "
        "(see NOT CHECKED above)."
    )
    return int(bool(found.wrong))


if __name__ == "__main__":
    sys.exit(main())
