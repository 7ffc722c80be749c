"""How long pages and API answers take with 50 organizations and a million occurrences of controls.

Usage: python bench/pages.py [--database sqlite|postgresql] [--organizations N] [--occurrences N]
                             [--rounds N] [--only WORD]

Two installations are filled: one with one organization, one with the same and 49 others.  Each has
200 controls, 20,000 times that a control was done, and a grown register of everything else.
Every page and every GET of the API is then asked in both, in turn,
through the whole WSGI application without the network.  The first answer of each is not counted.
A budget of 150 ms holds for the 95th percentile; the ratio of the two medians says whether a page
gets slower as others grow, and the same ratio between the halves of one series says how much of
that is noise.

Wall time is what a visitor waits for and what the budget is about; it means something on an idle
machine only.  The processor's time of the answering process (on PostgreSQL without the server's)
stands beside it, for a machine that others use too: a page whose wall time is over the budget while
its processor's time is not was waiting, for the disk or for its turn.
"""

import argparse
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

TESTS = Path(__file__).resolve().parent.parent / "tests"
sys.path.insert(0, str(TESTS))

BUDGET_MS = 150.0
FLAT = 1.5
"""A page is flat when it takes at most so many times as long among others."""
SLUG = "measured"
MORE = {
    "controls": ["?q=backup", "?state=adopted"],
    "plan": ["?page=15", "?state=open"],
    "trail": ["?page=30", "?subject=control+7"],
    "gap": ["?status=not+met"],
    "search": ["?q=backup"],
}
"""Queries beside a page's plain address: deep pages, filters and searches."""
FILES = (
    "gap_output",
    "/gap/files/{str:name}",
    "assets_file",
    "risks_file",
    "/risks/files/{str:name}",
    "calendar_table",
    "program_files_zip",
    "/program/files",
)
"""Files that hold the whole of something: they take as long as it is long, and have no budget."""
PLANS = FILES[:2]
"""Those of the whole plan with its PDF, which take seconds: they are not asked for."""


class Installation:
    """A process with a database of its own, which answers how long a page took."""

    def __init__(self, home: Path, url: str, *, organizations: int, occurrences: int) -> None:
        self.process = subprocess.Popen(
            [sys.executable, __file__, "--child", str(organizations), str(occurrences)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, "REPERFORM_HOME": str(home), "REPERFORM_DATABASE_URL": url},
        )
        self.ready = self._read()

    def ask(self, url: str, *, count: bool = False) -> dict[str, Any]:
        """Ask for a page, and say how long it took (`ms`) or how many queries it made."""
        assert self.process.stdin  # noqa: S101 - it was asked for
        self.process.stdin.write(json.dumps({"url": url, "count": count}) + "\n")
        self.process.stdin.flush()
        return self._read()

    def close(self) -> None:
        """End the process."""
        self.process.terminate()
        self.process.wait()

    def _read(self) -> dict[str, Any]:
        assert self.process.stdout  # noqa: S101 - it was asked for
        line = self.process.stdout.readline()
        if not line:
            raise SystemExit("the measured process ended")
        return dict(json.loads(line))


def child(organizations: int, occurrences: int) -> None:
    """Fill the database, then answer requests from standard input."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "reperform.server.settings"
    from reperform.cli import site  # noqa: PLC0415 - the environment comes first

    site.open_site()
    began = time.perf_counter()
    token = filled(organizations, occurrences)
    urls = addresses()
    say({"urls": urls, "seconds": time.perf_counter() - began})
    from django.db import connection  # noqa: PLC0415
    from django.test import Client  # noqa: PLC0415
    from django.test.utils import CaptureQueriesContext  # noqa: PLC0415

    from reperform.accounts.models import User  # noqa: PLC0415
    from reperform.cli.warm import warm_up  # noqa: PLC0415

    warm_up()
    browser = Client(headers={"Host": "localhost", "Accept-Encoding": "gzip"})
    browser.force_login(
        User.objects.get(email=f"person0@{SLUG}.example"),
        backend="allauth.account.auth_backends.AuthenticationBackend",
    )
    program = Client(headers={"Host": "localhost", "Authorization": f"Bearer {token}"})
    for line in sys.stdin:
        asked = json.loads(line)
        client = program if asked["url"].startswith("/api/") else browser
        if asked["count"]:
            with CaptureQueriesContext(connection) as queries:
                answer = client.get(asked["url"])
            body = b"".join(answer) if answer.streaming else answer.content
            say({"queries": len(queries), "status": answer.status_code, "bytes": len(body)})
        else:
            began, busy = time.perf_counter(), time.process_time()
            answer = client.get(asked["url"])
            _ = b"".join(answer) if answer.streaming else answer.content
            took = time.perf_counter() - began, time.process_time() - busy
            say({"ms": 1000 * took[0], "cpu": 1000 * took[1]})
        answer.close()


def say(what: dict[str, Any]) -> None:
    """Answer the process that asks."""
    sys.stdout.write(json.dumps(what) + "\n")
    sys.stdout.flush()


def filled(organizations: int, occurrences: int) -> str:
    """Fill the database; return a token of the organization that is measured."""
    from django.db import connection, transaction  # noqa: PLC0415

    from grown import Size, grow  # noqa: PLC0415
    from reperform.accounts.actions.organizations import found_organization  # noqa: PLC0415
    from reperform.accounts.actions.tokens import make_token  # noqa: PLC0415
    from reperform.accounts.models import Membership  # noqa: PLC0415
    from reperform.accounts.permissions import Role, granted  # noqa: PLC0415
    from web.test_query_counts import add_group, add_provider  # noqa: PLC0415

    at = datetime.now(UTC) - timedelta(minutes=1)
    size = Size(
        members=30,
        invitations=10,
        tokens=10,
        scopes=6,
        writings=4,
        controls=200,
        tasks=1_000,
        snapshots=60,
        examinations=6,
        changes=2_000,
        files=20,
        people=200,
        assets=300,
        occurrences=0,
        vendors=100,
        connections=10,
        incidents=200,
        risks=200,
        policies=30,
        access_reviews=20,
    )
    first = found_organization(name=SLUG, slug=SLUG, by="bench", at=at)
    with transaction.atomic():
        grow(first, replace(size, occurrences=occurrences), results=results(), at=at)
        add_provider(first)
        add_group(first)
    for number in range(1, organizations):
        with transaction.atomic():
            other = found_organization(name=f"Other {number}", by="bench", at=at)
            grow(other, size, results=results(), at=at)
            copy_occurrences(first, other)
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")  # as the server itself does after a while
    member = Membership.objects.get(organization=first, user__email=f"person0@{SLUG}.example")
    _, secret = make_token(
        membership=member,
        name="bench",
        scopes=granted(Role.ADMINISTRATOR),
        days=1,
        by="bench",
        at=at,
    )
    return secret


def copy_occurrences(first: Any, other: Any) -> None:  # noqa: ANN401 - models, not loaded yet
    """Give another organization the occurrences of the first, by one statement each control.

    A control of the same code becomes what was done, and its owner who did it.
    """
    from django.db import connection  # noqa: PLC0415

    from reperform.program.models import AdoptedControl, OccurrenceEntry  # noqa: PLC0415

    meta = OccurrenceEntry._meta  # noqa: SLF001 - the model's own list of columns
    names = [str(each.column) for each in meta.local_concrete_fields if not each.primary_key]
    key = meta.get_field("organization").get_db_prep_value(other.pk, connection)
    own = AdoptedControl.objects.filter(organization=other).values_list("code", "pk", "owner")
    there = {code: (pk, owner) for code, pk, owner in own}
    theirs = AdoptedControl.objects.filter(organization=first).values_list("code", "pk")
    with connection.cursor() as cursor:
        for code, origin in theirs:
            control, owner = there[code]
            values = {"organization_id": key, "control_id": control, "done_by_id": owner}
            chosen = ", ".join("%s" if name in values else f'"{name}"' for name in names)
            columns = ", ".join(f'"{name}"' for name in names)
            cursor.execute(
                f"INSERT INTO {meta.db_table} ({columns})"  # noqa: S608 - names of our own columns
                f" SELECT {chosen} FROM {meta.db_table} WHERE control_id = %s",
                [*(values[name] for name in names if name in values), origin],
            )


def results() -> dict[str, Any]:
    """Return results as large as those of a real year: every control, 40 tests, 600 exceptions."""
    from reperform.catalog.installed import catalog  # noqa: PLC0415
    from web.examined import results as small  # noqa: PLC0415

    said = small(exceptions=600)
    (test,), (control,), (criterion,) = said["tests"], said["controls"], said["criteria"]
    few = test | {"exceptions": test["exceptions"][:2], "deviations": 2}
    controls = catalog().controls
    said["tests"] = [test] + [
        few | {"id": f"{each.id}.T1", "control": each.id}
        for each in controls[:40]
        if each.id != test["control"]
    ]
    said["controls"] = [
        control | {"id": each.id, "title": each.title, "criteria": list(each.criteria)}
        for each in controls
    ]
    said["criteria"] = [criterion | {"id": each.id} for each in catalog().criteria]
    return said


def addresses() -> dict[str, str]:
    """Return every page and every GET of the API, by what it is called."""
    from api.test_access import OPERATIONS  # noqa: PLC0415
    from api.test_access import url as api_url  # noqa: PLC0415
    from web.test_permissions import PAGES  # noqa: PLC0415
    from web.test_query_counts import address  # noqa: PLC0415

    found = {}
    for page in PAGES:
        if page.name in PLANS:
            continue
        for query in ("", *MORE.get(page.name, ())):
            url = address(page.name, page.url(SLUG))
            found[f"{page.name} {query}".strip()] = url + query
    for method, path, _ in OPERATIONS:
        if method == "get" and path not in PLANS:
            found[f"API {path}"] = address(path, "/api/v1" + api_url(path))
    return found


def measured(
    alone: Installation, among: Installation, name: str, url: str, rounds: int
) -> tuple[str, str]:
    """Return the row of one page, and what is wrong with it; empty for nothing."""
    counted = [each.ask(url, count=True) for each in (alone, among)]
    times: tuple[list[float], list[float]] = ([], [])
    busy: tuple[list[float], list[float]] = ([], [])
    for number in range(rounds):
        for which in (0, 1) if number % 2 else (1, 0):
            took = (alone, among)[which].ask(url)
            times[which].append(took["ms"])
            busy[which].append(took["cpu"])
    middle = [statistics.median(each) for each in times]
    p95, cpu95 = (statistics.quantiles(each, n=20)[-1] for each in (times[1], busy[1]))
    cpu = [statistics.median(each) for each in busy]
    ratio, cpu_ratio = middle[1] / middle[0], cpu[1] / cpu[0]
    noise = statistics.median(times[0][::2]) / statistics.median(times[0][1::2])
    wrong = []
    if p95 > BUDGET_MS and name.removeprefix("API ") not in FILES:
        wrong.append("slow" if cpu95 > BUDGET_MS else "slow by the clock only")
    if ratio > FLAT:
        wrong.append("grows")
    if counted[0]["queries"] < counted[1]["queries"]:
        wrong.append(f"{counted[0]['queries']} queries alone")
    if counted[1]["status"] not in (200, 302, 405):
        wrong.append(f"status {counted[1]['status']}")
    row = (
        f"| {name} | {counted[1]['queries']} | {middle[0]:.0f} | {middle[1]:.0f} | {p95:.0f}"
        f" | {cpu[1]:.0f} | {cpu95:.0f} | {ratio:.2f} | {cpu_ratio:.2f} | {noise:.2f} |"
    )
    return row, ", ".join(wrong)


def measure(kind: str, folder: Path, options: argparse.Namespace) -> int:
    """Fill two installations and print the table; return how many pages are over the budget."""
    with ExitStack() as stack:
        urls = ["", ""]
        if kind == "postgresql":
            urls = [stack.enter_context(server()) for _ in urls]
        pair = []
        for name, url, count in zip(
            ("alone", "among"), urls, (1, options.organizations), strict=True
        ):
            made = Installation(
                folder / f"{kind}-{name}", url, organizations=count, occurrences=options.occurrences
            )
            stack.callback(made.close)
            pair.append(made)
            print(f"{kind}, {name}: filled in {made.ready['seconds']:.0f} s", file=sys.stderr)
        print(f"\n{kind}: {options.organizations} organizations,", end=" ")
        print(f"{options.occurrences:,} occurrences each, {options.rounds} rounds")
        print(f"{platform.machine()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}\n")
        heads("page")
        over = []
        for name, url in pair[0].ready["urls"].items():
            if options.only not in name:
                continue
            row, wrong = measured(pair[0], pair[1], name, url, options.rounds)
            print(row, flush=True)
            if wrong:
                over.append(f"{row} {wrong} |")
    print(f"\nOver the budget of {BUDGET_MS:.0f} ms, or not flat: {len(over)}\n")
    if over:
        heads("page", "what")
        print("\n".join(over), flush=True)
    return len(over)


def heads(first: str, *last: str) -> None:
    """Print the head of a table: wall times in ms, then the processor's, then what grows."""
    names = ["queries", "alone p50", "p50", "p95", "CPU p50", "CPU p95", "ratio", "CPU ratio"]
    names = [first, *names, "noise", *last]
    print("| " + " | ".join(names) + " |")
    print("|---" * len(names) + "|")


def server() -> Any:  # noqa: ANN401 - a context that yields a URL
    """Return a PostgreSQL server of this run's own."""
    import postgresql  # noqa: PLC0415 - needed for one of the two databases

    return postgresql.server()


def main() -> int:
    """Print the tables; exit 1 when a page is over its budget."""
    if sys.argv[1:2] == ["--child"]:
        child(int(sys.argv[2]), int(sys.argv[3]))
        return 0
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--database", choices=["sqlite", "postgresql"])
    parser.add_argument("--organizations", type=int, default=50)
    parser.add_argument("--occurrences", type=int, default=20_000)
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--only", default="", help="only what has this in its name")
    options = parser.parse_args()
    kinds = [options.database] if options.database else ["sqlite", "postgresql"]
    with tempfile.TemporaryDirectory() as folder:
        over = sum(measure(kind, Path(folder), options) for kind in kinds)
    return int(over > 0)


if __name__ == "__main__":
    sys.exit(main())
