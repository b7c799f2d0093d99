"""Ways to spoil a file: bits, cuts, splices, tokens that readers have trouble with."""

from __future__ import annotations

import io
import random
import re
import zipfile
import zlib
from collections.abc import Callable

from tests.fuzz.seeds import Seed, packed

# What numbers, texts, dates and structures have been known to break.
TOKENS: tuple[bytes, ...] = (
    *(b"9" * 400, b"1e999", b"-1e999", b"NaN", b"-0", b"0x7f", b"9223372036854775808", b"1E-400"),
    *(b"\x00", b"\xff\xfe", b"\xef\xbb\xbf", b"\xed\xa0\x80", b"\xf4\x90\x80\x80", b"\x80"),
    *(b'"', b"'", b"'; drop table x; --", b"{}", b"{0}", b"%s", b"\\u0000", b"\\ud800", b"\\"),
    *(b"[" * 3000, b'{"a":' * 3000, b"]" * 50, b"}", b"<a>" * 3000, b"</annotations>", b"&lt;"),
    *(b"<!DOCTYPE a [<!ENTITY b 'c'>]>", b"<![CDATA[", b"<!--", b"<?xml version='9'?>"),
    *(b"\r", b"\n", b"\r\n", b"\t", b",", b";", b"\x0b", b"\x1c", b"\xc2\x85", b"\xe2\x80\xa8"),
    *(b"null", b"true", b"[]", b'""', b"0001-01-01", b"9999-12-31T23:59:59Z", b"2026-02-30"),
    *("二〇二六年".encode(), "１２３".encode(), "１ｅ９".encode(), b"../../x", b"=cmd|' /C x'!A0"),
    *("合计".encode(), "\u202e".encode(), "\U0001f600".encode(), b"\xa1\xa1", b"\x81\x30"),
)
_NUMBER = re.compile(rb"\d+(?:\.\d+)?")
_MOST = 400_000  # bytes of an input
Way = Callable[[random.Random, bytes, list[bytes]], bytes]


def mutated(dice: random.Random, seed: Seed, others: list[bytes]) -> bytes:
    """`seed` spoiled in one to six ways; of a ZIP half of the time one of its members."""
    if seed.packed and dice.random() < 0.6:
        return _inside(dice, seed.content, others)
    return _spoiled(dice, seed.content, others)


def _spoiled(dice: random.Random, content: bytes, others: list[bytes]) -> bytes:
    for _ in range(dice.choice((1, 1, 1, 2, 3, 6))):
        content = dice.choice(WAYS)(dice, content, others)[:_MOST]
    return content


def _inside(dice: random.Random, content: bytes, others: list[bytes]) -> bytes:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            members = {entry.filename: package.read(entry) for entry in package.infolist()}
    except (zipfile.BadZipFile, zlib.error, ValueError, RuntimeError, OSError, EOFError,
            NotImplementedError):  # fmt: skip
        return _spoiled(dice, content, others)
    name = dice.choice(list(members) or ["a"])
    members[name] = _spoiled(dice, members.get(name, b""), others)
    if dice.random() < 0.1:
        members.pop(dice.choice(list(members)))
    if dice.random() < 0.1:
        renamed = dice.choice(("../up.csv", "/etc/x.csv", "a\\b.csv", "C:\\x.csv", "\udc80.csv"))
        members[renamed.encode("utf-8", "replace").decode()] = members.get(name, b"")
    return packed(members)


def _place(dice: random.Random, content: bytes) -> int:
    return dice.randint(0, len(content))


def _bits(dice: random.Random, content: bytes, _: list[bytes]) -> bytes:
    spoiled = bytearray(content)
    for _n in range(dice.choice((1, 2, 8, 64)) if spoiled else 0):
        spoiled[dice.randrange(len(spoiled))] ^= 1 << dice.randrange(8)
    return bytes(spoiled)


def _cut(dice: random.Random, content: bytes, _: list[bytes]) -> bytes:
    start = _place(dice, content)
    return content[:start] + content[start + dice.choice((1, 2, 16, 200, 5000)) :]


def _end(dice: random.Random, content: bytes, _: list[bytes]) -> bytes:
    return content[: _place(dice, content)]


def _repeat(dice: random.Random, content: bytes, _: list[bytes]) -> bytes:
    start = _place(dice, content)
    piece = content[start : start + dice.choice((1, 4, 40, 300))]
    return content[:start] + piece * dice.choice((2, 3, 50, 2000)) + content[start:]


def _token(dice: random.Random, content: bytes, _: list[bytes]) -> bytes:
    start = _place(dice, content)
    return content[:start] + dice.choice(TOKENS) + content[start + dice.choice((0, 0, 1, 5)) :]


def _number(dice: random.Random, content: bytes, _: list[bytes]) -> bytes:
    found = list(_NUMBER.finditer(content))
    if not found:
        return content
    chosen = dice.choice(found)
    return content[: chosen.start()] + dice.choice(TOKENS) + content[chosen.end() :]


def _splice(dice: random.Random, content: bytes, others: list[bytes]) -> bytes:
    other = dice.choice(others)
    return content[: _place(dice, content)] + other[_place(dice, other) :]


def _insert(dice: random.Random, content: bytes, others: list[bytes]) -> bytes:
    other, start = dice.choice(others), _place(dice, content)
    begin = _place(dice, other)
    return content[:start] + other[begin : begin + 300] + content[start:]


def _lines(dice: random.Random, content: bytes, _: list[bytes]) -> bytes:
    lines = content.split(b"\n")
    first, second = dice.randrange(len(lines)), dice.randrange(len(lines))
    lines[first], lines[second] = lines[second], lines[first]
    return b"\n".join(lines)


WAYS: tuple[Way, ...] = (
    *(_bits, _cut, _end, _repeat, _token, _token, _number, _number, _splice, _insert, _lines),
)
