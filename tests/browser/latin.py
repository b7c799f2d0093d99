"""The Latin words that a reader of a Chinese page gets to see or to hear."""

from __future__ import annotations

import re

from playwright.sync_api import Page

# Everything that is shown or read out: texts, and the attributes that name things. Left out are
# icons (letters of a font), cells of tables (data) and code.
_COLLECT = """() => {
    const away = 'style, script, noscript, code, canvas, a[href^="http"], '
        + '[translate="no"], [data-testid="stIconMaterial"]';
    const names = ['title', 'aria-label', 'placeholder', 'alt', 'data-title'];
    const said = [];
    const keep = node => node.nodeType === Node.ELEMENT_NODE
        && (node.matches(away) || getComputedStyle(node).display === 'none')
        ? NodeFilter.FILTER_REJECT : NodeFilter.FILTER_ACCEPT;
    const walker = document.createTreeWalker(
        document.documentElement, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT, keep);
    while (walker.nextNode()) {
        const node = walker.currentNode;
        if (node.nodeType === Node.TEXT_NODE) {
            const icon = getComputedStyle(node.parentElement).fontFamily.includes('Material');
            if (!icon) said.push(node.data);
        } else for (const name of names) said.push(node.getAttribute(name) ?? '');
    }
    return said;
}"""
# Names, formats and methods that have no Chinese name; the rest that may stand in Latin letters is
# told by its shape: capitals (CSV, U1, HHI), file names, identifiers, units behind a number.
_NAMES = "OneNineX English Parquet Excel Label Studio Krippendorff alpha Theil Wilson Laney demo"
_KNOWN = {*_NAMES.split(), "OpenStreetMap", "contributors", "ODbL"}
_SHAPES = re.compile(
    r"(?:https?://)?[\w-]+(?:\.[\w-]+)+/\S*|\S*\.(?:toml|csv|md|xlsx|json)\b"
    r"|\b[a-z]+(?:_[a-z0-9]+)+\b|\b\w*\d\w*\b",
    re.ASCII,
)


def words(page: Page) -> set[str]:
    """Latin words of the page that are none of those that may stand there."""
    said = " \n ".join(page.evaluate(_COLLECT))
    found = re.findall(r"[A-Za-z]{2,}", _SHAPES.sub(" ", said))
    return {word for word in found if not word.isupper()} - _KNOWN
