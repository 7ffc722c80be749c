"""HEAD: the headers of GET, and nothing after them."""

from collections.abc import Iterator

from django.http import HttpRequest, HttpResponseBase, StreamingHttpResponse
from django.test import RequestFactory

from reperform.web.headers import head_without_body


def parts(_: HttpRequest) -> HttpResponseBase:
    def made() -> Iterator[bytes]:
        yield b"name\n"
        yield b"ada\n"

    return StreamingHttpResponse(made(), content_type="text/csv")


def test_a_download_of_unknown_length_is_counted_and_not_sent() -> None:
    """Sent in chunks it would end with one, which the next answer would begin with."""
    answer = head_without_body(parts)(RequestFactory().head("/"))  # type: ignore[arg-type]

    assert answer["Content-Length"] == "9"
    assert b"".join(answer) == b""


def test_what_is_asked_for_is_sent() -> None:
    answer = head_without_body(parts)(RequestFactory().get("/"))  # type: ignore[arg-type]

    assert "Content-Length" not in answer
    assert b"".join(answer) == b"name\nada\n"
