"""The look at dependencies can fail, and never takes what it did not see for good."""

from __future__ import annotations

import re

import pytest

from oneninex.core.settings import ROOT
from scripts.audit_dependencies import Found, is_allowed, judged, locks, pins

PIN = "a-package==1.0 \\\n    --hash=sha256:00\n    # via -r x.in\n"


@pytest.mark.parametrize(
    "told",
    ["MIT", "Apache-2.0 OR BSD-3-Clause", "BSD-3-Clause AND ISC", "MPL-2.0 AND (Apache-2.0 OR MIT)",
     "Mozilla Public License 2.0 (MPL 2.0)", "ISC License (ISCL)", "GPL-3.0 OR MIT"],
)  # fmt: skip
def test_permissive_licences_are_allowed(told: str) -> None:
    assert is_allowed(told)


@pytest.mark.parametrize(
    "told", ["", "GPL-3.0-only", "MIT AND GPL-3.0", "AGPL-3.0 OR GPL-2.0", "LGPLv2+", "Proprietary"]
)
def test_others_are_not(told: str) -> None:
    assert not is_allowed(told)


def test_a_lock_without_hash_or_version_is_wrong() -> None:
    found = Found()
    assert locks(found, {"x.txt": PIN})["a-package"].version == "1.0"
    assert found.wrong == []
    locks(found, {"x.txt": PIN.replace("sha256", "md5")})
    locks(found, {"x.txt": "b>=1\n"})
    assert len(found.wrong) == 2


def test_every_lock_is_read_whole() -> None:
    for name in ("requirements.txt", "requirements-dev.txt"):
        text = (ROOT / name).read_text("utf-8")
        assert len(list(pins(text))) == len(re.findall(r"^[a-z].*==", text, re.MULTILINE)) > 40


def test_what_was_skipped_is_not_checked_and_what_is_vulnerable_is_wrong() -> None:
    found = Found()
    judged(found, [{"name": "a", "skip_reason": "not found"}])
    assert (found.good, found.wrong, len(found.unchecked)) == ([], [], 1)
    fault = {"id": "CVE-1", "fix_versions": ["2"]}
    judged(found, [{"name": "a", "version": "1", "vulns": [fault]}])
    assert found.wrong == ["a 1: CVE-1, mended in 2"]
    judged(found, [])
    assert len(found.unchecked) == 2
