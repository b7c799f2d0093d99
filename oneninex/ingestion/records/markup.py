"""XML from strangers: no document type, no entities, no endless depth, flat memory."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import iterparse

from oneninex.ingestion.findings import refuse
from oneninex.ingestion.records import bounds

MAX_KEPT = 500_000  # elements that may be held at once

Event = tuple[str, Element, int]


def events(path: Path, keep: str) -> Iterator[Event]:
    """Start and end of each element, and how deep it lies (the root is 1).

    What lies within an element is there at its end only inside `keep`; elsewhere it is thrown
    away, so that attributes are to be taken at the start. Raises Refused for what is no safe XML.
    """
    with bounds.Bounded(path) as file:
        held: list[Element] = []
        kept = elements = 0
        for kind, element in _parsed(file):
            if kind == "start":
                held.append(element)
                kept += element.tag == keep or kept > 0
                elements += kept > 0
                if len(held) > bounds.MAX_DEPTH:
                    raise bounds.too_deep()
                if elements > MAX_KEPT:
                    raise bounds.record_too_large()
            yield kind, element, len(held)
            if kind == "end":
                held.pop()
                kept -= kept > 0
                if held and not kept:
                    element.clear()
                    del held[-1][:]


def _parsed(file: bounds.Bounded) -> Iterator[tuple[str, Element]]:
    source = iterparse(file, events=("start", "end"), forbid_dtd=True)
    while True:
        try:
            kind, element = next(source)
        except StopIteration:
            return
        except DefusedXmlException:
            raise refuse("unsafe", "platforms.xml_entities") from None
        except ParseError:
            raise refuse("not_a_table", "platforms.not_xml") from None
        except (UnicodeDecodeError, LookupError, ValueError):
            raise bounds.not_utf8() from None
        file.unseen = 0
        yield kind, element
