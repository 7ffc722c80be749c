"""What is demanded of each page, measured in the browser; every function returns complaints."""

from importlib.resources import files
from typing import Any

from playwright.sync_api import BrowserContext, ConsoleMessage, Page, Request

AXE = (files("axe_playwright_python") / "axe.min.js").read_text("utf-8")
_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa"]
COLORS = ("color-contrast", "link-in-text-block")
"""Rules that another color scheme can break."""
LAYOUT = ("target-size", "scrollable-region-focusable", "color-contrast")
"""Rules that another width can break."""
_SEEN = 0.00005
"""Of the window's area, times the way: 0.1 is what browsers call poor."""
_STOPS_OF_A_DATE = 4
"""Day, month, year and the calendar: a field of a date is several stops for Tab."""

MOST_SENT = 100_000
"""Bytes of HTML, CSS, JavaScript and images of one page as they are sent, compressed."""
MOST_READ = 200_000
"""The same once the browser has unpacked them: what a slow phone has to work through."""

_ALONG = """
window.complaints = [];
window.shift = 0;
new PerformanceObserver(list => {
  for (const entry of list.getEntries()) window.shift += entry.value;
}).observe({type: 'layout-shift', buffered: true});
document.addEventListener('securitypolicyviolation',
  e => window.complaints.push(`blocked by the policy: ${e.violatedDirective} ${e.blockedURI}`));
"""

_WEIGHT = """() => [...performance.getEntriesByType('navigation'),
    ...performance.getEntriesByType('resource')]
  .map(e => [e.encodedBodySize, e.decodedBodySize])
  .reduce((sum, e) => [sum[0] + e[0], sum[1] + e[1]], [0, 0])"""

_REACHABLE = """within => {
  const wanted = 'a[href], button, input:not([type=hidden]), select, textarea, summary,'
    + ' [tabindex]:not([tabindex="-1"])';
  const seen = e => e.checkVisibility({visibilityProperty: true}) && !e.disabled;
  const radios = new Set();
  const inside = document.querySelector(within);
  window.waiting = new Set([...inside.querySelectorAll(wanted)].filter(e => {
    if (!seen(e)) return false;
    if (e.type !== 'radio') return true;
    if (radios.has(e.name)) return false;  // a group is one stop
    radios.add(e.name);
    return true;
  }));
  window.hidden = [];
  const named = e => (e.outerHTML.match(/^<[^>]*>/) || [''])[0].slice(0, 120);
  document.addEventListener('focusin', event => {
    const e = event.target, style = getComputedStyle(e), box = e.getBoundingClientRect();
    for (const each of window.waiting)
      if (each === e || (e.type === 'radio' && each.name === e.name)) window.waiting.delete(each);
    if (style.outlineStyle === 'none' || parseFloat(style.outlineWidth) < 2)
      window.hidden.push(`no visible focus: ${named(e)}`);
    if (box.right < 0 || box.bottom < 0 || box.left > innerWidth || box.top > innerHeight)
      window.hidden.push(`focused outside of the window: ${named(e)}`);
  });
  window.left = () => [...window.waiting].map(e => `not reached by Tab: ${named(e)}`);
  return [window.waiting.size, inside.querySelectorAll('input[type=date]').length];
}"""


_FRAME = """() => document.querySelector('#content') ? [...document.querySelectorAll(
    'a, button, input:not([type=hidden]), summary')]
  .filter(e => !e.closest('#content')).map(e => `${e.tagName} ${e.className}`).join() : ''"""


class Listener:
    """Hears what goes wrong while pages of a window load."""

    def __init__(self, context: BrowserContext, origin: str) -> None:
        """Begin to listen."""
        self._origin = origin
        self.heard: list[str] = []
        context.add_init_script(_ALONG)
        context.on("console", self._console)
        context.on("request", self._request)
        context.on("weberror", lambda error: self.heard.append(f"error: {error.error}"))

    def _console(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning") and "status of 4" not in message.text:
            self.heard.append(f"console: {message.text}")

    def _request(self, request: Request) -> None:
        if not request.url.startswith((self._origin, "data:")):
            self.heard.append(f"asked elsewhere: {request.url}")

    def complaints(self, page: Page) -> list[str]:
        """Return what was heard since the last time."""
        heard, self.heard = [*self.heard, *page.evaluate("window.complaints")], []
        return heard


def accessible(page: Page, *, rules: tuple[str, ...] = ()) -> list[str]:
    """Judge by axe: WCAG 2.0 to 2.2, levels A and AA; or by some of its rules only."""
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(AXE)
    only = {"type": "rule", "values": list(rules)} if rules else {"type": "tag", "values": _TAGS}
    options: dict[str, Any] = {"runOnly": only, "resultTypes": ["violations"]}
    if not rules:
        options["rules"] = {"target-size": {"enabled": True}}  # off in axe unless asked for
    found: list[dict[str, Any]] = page.evaluate(
        "async options => (await axe.run(document, options)).violations", options
    )
    return [
        f"axe {violation['id']}: {node['html'][:140]} {node.get('failureSummary', '')[:200]}"
        for violation in found
        for node in violation["nodes"][:3]
    ]


def steady(page: Page) -> list[str]:
    """Nothing that anybody could see moves while the page loads.

    A slow machine draws a page in parts, and a cell may grow by a fraction of a pixel.
    """
    shift = page.evaluate("window.shift")
    return [f"layout shift of {shift:.4f}"] if shift >= _SEEN else []


def light(page: Page) -> tuple[int, int, list[str]]:
    """Return bytes sent, bytes read, and complaints."""
    sent, read = page.evaluate(_WEIGHT)
    complaints = []
    if sent >= MOST_SENT:
        complaints.append(f"weighs {sent:,} bytes as sent")
    if read >= MOST_READ:
        complaints.append(f"weighs {read:,} bytes unpacked")
    return sent, read, complaints


def narrow(page: Page) -> list[str]:
    """The page itself never scrolls sideways; tables do, in regions of their own."""
    wide, room = page.evaluate("() => [document.scrollingElement.scrollWidth, window.screen.width]")
    return [f"is {wide} px wide in a window of {room}"] if wide > room else []


def frame(page: Page) -> str:
    """Return what is around the content of a page: many have the same; empty without content."""
    return str(page.evaluate(_FRAME))


def by_keyboard(page: Page, *, skip: bool = False) -> list[str]:
    """Every control is reached by Tab, with a focus that can be seen.

    With `skip` the link at the top is followed, and those of the content are tried.
    """
    if skip:
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        if not page.evaluate("document.activeElement?.id === 'content'"):
            return ["the link at the top does not skip to the content"]
    stops, dates = page.evaluate(_REACHABLE, "#content" if skip else "body")
    for pressed in range(stops + dates * _STOPS_OF_A_DATE + 1):
        page.keyboard.press("Tab")
        if pressed % 10 == 0 and not page.evaluate("window.waiting.size"):
            break
    return [*page.evaluate("window.left()"), *page.evaluate("window.hidden")]
