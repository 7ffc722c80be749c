"""Whatever is typed into whichever form: no page breaks, none runs it, and nothing is bent.

Pages and their forms are found by walking them, so that a new one is tried without a line here.
"""

from collections import defaultdict
from collections.abc import Iterator
from typing import Any
from urllib.parse import urljoin

from django.test import Client

from hostile.conftest import OWN, naughty, packed, put_away
from hostile.forms import Form, Seen
from reperform.accounts.models import Organization
from reperform.ledger.queries import changes, shown
from reperform.program.models import PolicyVersion
from web.test_permissions import PAGES

LONGEST = 2_000
ACCOUNT = "/accounts/"


def forms(client: Client, organization: Organization) -> Iterator[tuple[str, Form]]:
    """Yield every form that a page of the organization posts, with the URL that it is sent to."""
    known = set()
    for page in PAGES:
        url = page.url(organization.slug)
        answer = client.get(url)
        put_away(answer)
        if answer.status_code != 200 or not _is_html(answer):
            continue
        for form in Seen(answer.content.decode()).forms:
            target = urljoin(url, form.action)
            names = (target, *(each.name for each in form.fields))
            if names not in known and not target.startswith(ACCOUNT):
                known.add(names)
                yield target, form


def _is_html(answer: Any) -> bool:  # noqa: ANN401 - a response
    return str(answer.headers["Content-Type"]).startswith("text/html")


def vocabulary(client: Client, organization: Organization) -> dict[str, set[str]]:
    """Return every element and attribute of the pages, also of their forms when they refuse."""
    found: dict[str, set[str]] = defaultdict(set)
    answers = [client.get(page.url(organization.slug)) for page in PAGES]
    for target, form in list(forms(client, organization)):
        plain = {each.name: ["word"] for each in form.texts}
        answers += [client.post(target, {}), client.post(target, form.filled() | plain)]
        answers.append(client.get(target))
    for answer in answers:
        put_away(answer)
        if _is_html(answer):
            for tag, names in Seen(answer.content.decode()).vocabulary.items():
                found[tag] |= names
    found["td"].add("rowspan")  # of what has several lines, which the company has only later
    return found


def strange(content: str, known: dict[str, set[str]]) -> list[str]:
    """Return what a page has that no page of ours has: what somebody's text became."""
    found = []
    for tag, said in Seen(content).elements:
        found += [f"<{tag} {name}>" for name in set(said) - known.get(tag, set())]
        if tag not in known:
            found.append(f"<{tag}>")
        if tag == "script" and not said.get("src", "").startswith("/static/"):
            found.append("<script>")
        for name in ("href", "src", "action", "formaction"):
            address = said.get(name, "").strip().lower()
            if address.startswith(("javascript:", "vbscript:", "data:text", "//")):
                found.append(f"<{tag} {name}={address[:40]}>")
    return found


def test_no_text_breaks_a_page_or_becomes_part_of_it(
    company: Organization, browser: Client
) -> None:
    """Every string in every text field of every form, many at once where the field is long."""
    known, every = vocabulary(browser, company), naughty()
    tried, wrong = 0, []
    for target, form in [each for each in forms(browser, company) if each[1].texts]:
        for number, sent in enumerate(_fillings(form, every)):
            answer = browser.post(target, sent)
            tried += 1
            content = answer.content.decode() if _is_html(answer) else ""
            if answer.status_code not in (200, 302, 404, 409, 422) or strange(content, known):
                wrong.append((target, number, answer.status_code, strange(content, known)[:3]))
    for page in PAGES:
        answer = browser.get(page.url(company.slug))
        put_away(answer)
        if answer.status_code >= 500:
            wrong.append((page.name, 0, answer.status_code, []))
        elif _is_html(answer) and strange(answer.content.decode(), known):
            wrong.append((page.name, 0, 200, strange(answer.content.decode(), known)[:3]))

    assert not wrong, wrong[:10]
    assert tried > 50


def _fillings(form: Form, strings: list[str]) -> Iterator[dict[str, list[str]]]:
    """Yield what to send so that each string was in each text field.

    Long ones show how a form says back what it refuses; short ones are taken by most fields.
    """
    for text in (*packed(strings, LONGEST), *packed(OWN, 90)):
        yield form.filled() | {each.name: [text] for each in form.texts}


def test_a_text_is_kept_as_it_was_sent_or_refused(company: Organization, browser: Client) -> None:
    """One text field after another, the others as they were: in the ledger, or said what is wrong.

    Line breaks become one kind, and blanks at the ends of lines may go.
    """
    hostile = "<b>a & b</b> \"quoted\" 'too' {{ 1 }} =1+1 \u202e\u00e9\U0001f4a9"
    kept = 0
    wrong: list[tuple[str, str, object]] = []
    for target, form in list(forms(browser, company)):
        for field in form.texts:
            before = changes(company.log).count()
            answer = browser.post(target, form.filled() | {field.name: [hostile]})
            if changes(company.log).count() > before:
                kept += 1
                change = shown(changes(company.log)[0])
                if target.endswith(DIGESTED):
                    version = PolicyVersion.objects.get(sha256=change.after["sha256"])
                    assert hostile in version.text
                elif not _holds(change.after, hostile):
                    wrong.append((target, field.name, dict(change.after)))
            elif answer.status_code == 422:
                seen = Seen(answer.content.decode())
                if not any(_says_why(said) for _, said in seen.elements):
                    wrong.append((target, field.name, "no reason"))

    assert not wrong, wrong[:5]
    assert kept > 3


ADDING = ("/policies/access-control/review/",)
"""Forms that add a record of their own each time: two at once are two records."""
DIGESTED = ("/policies/access-control/write/",)
"""Forms whose text is a version of its own; the ledger has its digest."""


def _says_why(said: dict[str, str]) -> bool:
    return "error" in said.get("class", "").split() or said.get("role") == "alert"


def _holds(value: Any, text: str) -> bool:  # noqa: ANN401 - JSON
    if isinstance(value, dict):
        return any(_holds(inner, text) for inner in value.values())
    if isinstance(value, list):
        return any(_holds(inner, text) for inner in value)
    return isinstance(value, str) and text in value


BENT = [
    b"\xff\xfe\x00",
    b"a=%00&text=%00&name=%00&seen=%00&title=%00",
    b"text=%ed%a0%80&name=%ed%a0%80",
    b"&".join(b"f%d=1" % number for number in range(10_000)),
    b"text=" + b"a" * 1_000_000 + b"&seen=0",
    b"text=" + b"a" * 3_000_000,
    b"seen=1&seen=2&text=a&text=b&name=a&name=b&role=x&role=y",
    b"seen=" + b"9" * 5_000,
    b"seen=-1&seen[]=1&text[0]=a&__proto__=1",
    b"",
]
PART = '--x\r\nContent-Disposition: form-data; name="{}"{}\r\n\r\n1\r\n'
KINDS = (
    "application/x-www-form-urlencoded",
    "multipart/form-data; boundary=x",
    "application/json",
)


def test_what_is_too_large_is_said_to_be(company: Organization, browser: Client) -> None:
    """413, with a page that says what to do: as one text, and as ten thousand fields."""
    for body in (BENT[3], BENT[5]):
        url = f"/o/{company.slug}/description/dc3.data/"
        answer = browser.generic("POST", url, body, content_type=KINDS[0])

        assert answer.status_code == 413
        assert "Send less at once" in answer.content.decode()


def bombs() -> Iterator[bytes]:
    """Yield ten thousand parts of a few bytes, and ten thousand files."""
    for file in ("", '; filename="a"'):
        parts = (PART.format(f"f{number}", file) for number in range(10_000))
        yield f"{''.join(parts)}--x--\r\n".encode()


def test_what_no_browser_sends_breaks_nothing(company: Organization, browser: Client) -> None:
    """As a form, as JSON, and as parts of a form: refused, each with an answer of its own.

    Each form gets each body, as one of the kinds in turn.
    """
    targets = sorted({target for target, _ in forms(browser, company)})
    sent = [
        (target, body, KINDS[(place + number) % len(KINDS)])
        for place, target in enumerate(targets)
        for number, body in enumerate(BENT)
    ]
    sent += [(target, body, KINDS[1]) for target in targets[:3] for body in bombs()]
    wrong = []
    for target, body, kind in sent:
        status = browser.generic("POST", target, body, content_type=kind).status_code
        if status >= 500:
            wrong.append((target, body[:20], kind, status))

    assert len(targets) > 10
    assert not wrong, wrong[:10]


def hostile_values(form: Form, text: str) -> Iterator[tuple[str, dict[str, list[str]]]]:
    """Yield the name of each field, and what to send with `text` in it.

    The token against forged forms is left as it is: no view reads it, and this client sends none.
    """
    for name in {each.name for each in form.fields} - {"", "csrfmiddlewaretoken"}:
        yield name, form.filled() | {name: [text]}


def broken_by(text: str, company: Organization, browser: Client) -> list[tuple[str, str, int]]:
    """Return form, field and status of each answer that broke when a field held `text`."""
    return [
        (target, name, status)
        for target, form in list(forms(browser, company))
        for name, sent in hostile_values(form, text)
        if (status := browser.post(target, sent).status_code) >= 500
    ]


def test_no_field_takes_what_no_text_has(company: Organization, browser: Client) -> None:
    """U+0000, which PostgreSQL cannot hold: in each field of each form in turn."""
    assert broken_by("a\0b", company, browser) == []


def test_no_field_takes_a_number_that_none_has(company: Organization, browser: Client) -> None:
    """Five thousand digits, which are more than Python reads as a number."""
    assert broken_by("9" * 5_000, company, browser) == []


def test_a_megabyte_breaks_no_form(company: Organization, browser: Client) -> None:
    """In the first two texts of each."""
    wrong = []
    for target, form in list(forms(browser, company)):
        large = form.filled() | {each.name: ["x" * 1_000_000] for each in form.texts[:2]}
        if (status := browser.post(target, large).status_code) >= 500:
            wrong.append((target, status))

    assert not wrong, wrong[:10]


def test_two_who_edit_at_once_lose_nothing(company: Organization, browser: Client) -> None:
    """Each form that carries the version seen: the second is told 409, with both texts."""
    editing = [
        (target, form)
        for target, form in forms(browser, company)
        if any(each.name == "seen" for each in form.fields)
        and form.texts
        and not target.endswith(ADDING)
    ]
    compared = 0
    for target, form in editing:
        text = max(form.texts, key=lambda each: (each.kind == "textarea", len(each.value)))
        first = browser.post(target, form.filled() | {text.name: ["The first of the two wrote."]})
        if first.status_code != 302 or browser.get(target).status_code == 404:
            continue  # what it acted on is over, so there is nothing to edit twice
        mine = form.filled() | {text.name: ["The second of the two wrote."]}
        second = browser.post(target, mine)

        assert second.status_code == 409, target
        content = " ".join(Seen(second.content.decode()).words) + " ".join(
            each.value for form in Seen(second.content.decode()).forms for each in form.fields
        )
        assert "The second of the two wrote." in content, target
        assert "first" in content, target
        compared += 1

    assert len(editing) > 3
    assert compared > 2


def test_another_organizations_numbers_are_not_found(
    company: Organization, elsewhere: Organization, browser: Client
) -> None:
    """In every part of a path that is a number, and in every choice that is one."""
    wrong: list[tuple[str, object, object, int]] = []
    stranger = elsewhere.members.order_by("-pk").values_list("pk", flat=True)[0]
    for page in PAGES:
        for number in _numbers_of(elsewhere):
            if "<int:number>" in page.route:
                url = page.url(company.slug).replace("/1/", f"/{number}/")
                for method in ("get", "post"):
                    status = getattr(browser, method)(url).status_code
                    if status not in (404, 405):
                        wrong.append((page.name, number, method, status))
    for target, form in list(forms(browser, company)):
        for each in form.fields:
            if each.kind == "select" and any(value.isdecimal() for value in each.options):
                before = changes(company.log).count()
                answer = browser.post(target, form.filled() | {each.name: [str(stranger)]})
                if answer.status_code not in (404, 422) or changes(company.log).count() > before:
                    wrong.append((target, each.name, stranger, answer.status_code))

    assert not wrong, wrong[:10]


def _numbers_of(organization: Organization) -> list[int]:
    """Return numbers of things that are only there in `organization`."""
    return [organization.members.order_by("-pk").values_list("pk", flat=True)[0] + 500_000, 999_999]


def test_what_is_handed_out_is_kept_and_never_shown(company: Organization, browser: Client) -> None:
    """A page is a page; anything else is an attachment, of a type that no browser guesses anew."""
    files = 0
    for page in PAGES:
        answer = browser.get(page.url(company.slug))
        said = answer.headers
        assert said["X-Content-Type-Options"] == "nosniff", page.name
        assert "default-src 'none'" in said["Content-Security-Policy"], page.name
        assert "svg" not in said["Content-Type"], page.name
        if answer.status_code == 200 and not _is_html(answer):
            files += 1
            assert said["Content-Disposition"].startswith("attachment"), page.name
        elif answer.status_code == 200:
            assert "Content-Disposition" not in said, page.name
        put_away(answer)

    report = browser.get(f"/o/{company.slug}/results/1/files/report.html")
    assert report.headers["Content-Type"] == "application/octet-stream"
    put_away(report)
    assert files > 3
