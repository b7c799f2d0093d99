"""What a reader waits for, seen from within the browser: from a trusted click to the last paint."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from playwright.sync_api import Locator, Page

QUIET = 700  # milliseconds without a change after which nothing more is coming
PATIENCE = 60_000
_TO_THE_TOP = """() => {
  scrollTo(0, 0); document.querySelector("[data-testid=stMain]")?.scrollTo(0, 0); }"""
LOOK = 100  # milliseconds from look to look: whoever looks at every frame slows the page

# Notes the last trusted click, and the first frame after each change of what can be seen: of the
# page's elements and drawings, and of what maps draw on their canvas.
WATCH = """
(() => {
  const seen = window.__seen = {clicked: 0, painted: 0};
  const paint = () => requestAnimationFrame(
    () => setTimeout(() => { seen.painted = performance.now(); }));
  addEventListener('click', (event) => {
    if (event.isTrusted) { seen.clicked = event.timeStamp; seen.painted = 0; }
  }, true);
  const look = () => new MutationObserver(paint).observe(document.documentElement, {
    subtree: true, childList: true, characterData: true, attributes: true,
    attributeFilter: ['d', 'transform', 'points', 'x', 'y', 'width', 'height', 'fill']});
  document.documentElement ? look() : addEventListener('DOMContentLoaded', look);
  for (const kind of [window.WebGLRenderingContext, window.WebGL2RenderingContext]) {
    for (const name of ['drawArrays', 'drawElements', 'drawArraysInstanced',
                        'drawElementsInstanced']) {
      const draw = kind?.prototype[name];
      if (draw) kind.prototype[name] = function (...given) {
        paint(); return draw.apply(this, given); };
    }
  }
})();
"""
_SETTLED = """quiet => {
  const {clicked, painted} = window.__seen;
  return %s && painted > clicked && performance.now() - painted > quiet;
}"""


def click(page: Page, target: Locator, holds: str) -> float:
    """Milliseconds from the click to the last paint; `holds` is true once the figures are right.

    Raises playwright's TimeoutError where those on screen never become the query's.
    """
    target.click()
    page.wait_for_function(_SETTLED % holds, arg=QUIET, polling=LOOK, timeout=PATIENCE)
    seen = page.evaluate("window.__seen")
    return seen["painted"] - seen["clicked"]


def scrolled(page: Page, holds: str) -> None:
    """Look at every chart, as a reader who scrolls down does, until `holds` is true of them.

    Raises playwright's TimeoutError where they never draw the query's values.
    """
    for chart in page.locator(".js-plotly-plot").all():
        chart.scroll_into_view_if_needed()
    page.wait_for_function(holds, polling=LOOK, timeout=PATIENCE)
    page.evaluate(_TO_THE_TOP)
    page.wait_for_timeout(QUIET)


def first_visit(page: Page, address: str, holds: str) -> tuple[float, int]:
    """Milliseconds from asking for the page to its last paint, and bytes over the wire."""
    heard = _Wire(page)
    page.goto(address)
    page.wait_for_function(_SETTLED % holds, arg=QUIET, polling=LOOK, timeout=PATIENCE)
    return page.evaluate("window.__seen.painted"), heard.bytes


class _Wire:
    """Counts what comes over the wire, as it was packed."""

    def __init__(self, page: Page) -> None:
        self.bytes = 0
        session = page.context.new_cdp_session(page)
        session.send("Network.enable")
        listen: Callable[[str, Callable[[dict[str, Any]], None]], None] = session.on
        listen("Network.loadingFinished", self._file)
        listen("Network.webSocketFrameReceived", self._frame)

    def _file(self, event: dict[str, Any]) -> None:
        self.bytes += int(event["encodedDataLength"])

    def _frame(self, event: dict[str, Any]) -> None:
        data = event["response"]["payloadData"]
        # Binary frames are told as base64.
        self.bytes += len(data) * 3 // 4 if event["response"]["opcode"] == 2 else len(data)
