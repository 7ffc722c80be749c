"""Every page that a link leads to, one URL for each pattern of the resolver."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from django.urls import Resolver404, URLResolver, get_resolver, resolve

_NOT_PAGES = {"api/v1/", "scim/v2/"}
_SIGN_IN = {"accounts/"}
LINKS = """() => [...document.querySelectorAll('a[href], form')].map(e => new URL(
  e.getAttribute('href') || e.getAttribute('action') || '', document.baseURI).href)"""
"""Forms lead somewhere too: a page that asks once more is where some of them are sent."""


def patterns() -> Iterator[str]:
    """Yield the name of each page of ours; sign-in is allauth's, and has pages that we lack."""
    for resolver in get_resolver().url_patterns:
        if isinstance(resolver, URLResolver) and str(resolver.pattern) not in (
            _NOT_PAGES | _SIGN_IN
        ):
            yield from _below(resolver)


def _below(resolver: URLResolver) -> Iterator[str]:
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            yield from _below(entry)
        else:
            yield str(entry.name)


@dataclass
class Walk:
    """Which URLs are still to be seen; of each pattern the first that a link names.

    Attributes:
        origin: of the site.
        waiting: paths, in the order in which they were found.
        seen: names of patterns that were taken up.
    """

    origin: str
    waiting: list[str] = field(default_factory=list)
    seen: set[str] = field(default_factory=set)

    def found(self, url: str) -> None:
        """Take up `url` when it is a page of ours whose pattern was not seen."""
        parts = urlsplit(url)
        is_ours = url.startswith((self.origin, "/"))
        if not is_ours or parts.path.startswith(tuple(f"/{each}" for each in _NOT_PAGES)):
            return
        try:
            name = resolve(parts.path).url_name
        except Resolver404:
            return
        if name and name not in self.seen:
            self.seen.add(name)
            self.waiting.append(parts.path)
