"""The server itself, as browsers and monitors talk to it."""

import http.client
from urllib.parse import urlsplit

from browser.serving import Site


def test_a_question_for_headers_alone_leaves_the_connection_usable(filled: Site) -> None:
    """HEAD has no body: the next answer on the connection is read from its beginning."""
    connection = http.client.HTTPConnection(str(urlsplit(filled.url).netloc), timeout=10)
    accept = {"Accept-Encoding": "gzip"}
    cookie = accept | {"Cookie": f"sessionid={filled.filled['sessions']['administrator']}"}

    for path in ("/o/larkspur/", "/o/larkspur/scope/", "/o/larkspur/results/1/files/report.pdf"):
        connection.request("HEAD", path, headers=cookie)
        told = connection.getresponse()
        assert told.read() == b""
        connection.request("GET", path, headers=cookie)
        answer = connection.getresponse()
        assert answer.status == told.status
        assert len(answer.read()) > 0
    connection.close()
