"""The two pages of an import: one asks for a file, one shows its dry run and imports it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path, reverse

from reperform.base.grid import LARGEST_FILE, FileRefusedError, Grid, read_grid
from reperform.base.refusal import RefusalError
from reperform.base.visible import file_name
from reperform.program.actions.uploads import keep_upload
from reperform.program.models import PendingUpload
from reperform.program.queries.uploads import kept_upload
from reperform.web.page import PageRequest, Visitor, page

_ON_A_PAGE = 200


@dataclass(frozen=True, slots=True)
class Kept:
    """A file that waits for its import.

    Attributes:
        file_name: as the user knows it.
        content: byte for byte.
        said: what the user chose of it, by the names of the fields of the page.
        expected: fingerprint of the dry run that the user saw.
    """

    file_name: str
    content: bytes
    said: Mapping[str, str]
    expected: str = ""

    def grid(self) -> Grid:
        """Return the table that it holds.

        Raises:
            FileRefusedError: it is none.
        """
        return read_grid(self.content, name=self.file_name)


def look(content: bytes, name: str) -> dict[str, Any]:
    """Return nothing when a file is a table, else what the page says of it."""
    try:
        read_grid(content, name=name)
    except FileRefusedError as refusal:
        return {"refusal": refusal}
    return {}


@dataclass(frozen=True, slots=True)
class ImportPages:
    """The pages of a register's import.

    Attributes:
        name: of the first page's address; that of the second ends in `_check`.
        back: name of the page of the register.
        label: what that page is called.
        permission: to import.
        purpose: of a file that waits for its import.
        ask: template of the first page.
        check: template of the second.
        plan: what a file would do.
        carry_out: imports it, and returns what to say then; raises a `RefusalError` when it
            does not.
        context: what the first page shows besides.
        choices: what the second page shows of the columns, where the user chooses them.
        look: what is wrong with a file that is brought, see `look`.
        largest: bytes of a file.
    """

    name: str
    back: str
    label: str
    permission: str
    purpose: str
    ask: str
    check: str
    plan: Callable[[Visitor, Kept], Any]
    carry_out: Callable[[Visitor, Kept], str]
    context: Callable[[Visitor], dict[str, Any]] = lambda _: {}
    choices: Callable[[Kept], dict[str, Any]] = lambda _: {}
    look: Callable[[bytes, str], dict[str, Any]] = look
    largest: int = LARGEST_FILE

    def urlpatterns(self, at: str = "import/") -> list[URLPattern]:
        """Return the addresses of both pages below `at`."""
        guard = page(self.permission, post=self.permission)
        return [
            path(at, guard(self._upload), name=self.name),
            path(f"{at}check/", guard(self._check), name=f"{self.name}_check"),
        ]

    def _upload(self, request: PageRequest) -> HttpResponse:
        """Ask for a file; look at it, keep it, and go on to its dry run."""
        visitor = request.visitor
        if request.method != "POST":
            return self._ask(request)
        file = request.FILES.get("file")
        if not isinstance(file, UploadedFile) or not file.size:
            return self._ask(request, missing=True)
        # One byte more than may be: what is larger is refused without being read whole.
        content, name = file.read(self.largest + 1), file_name(file.name)
        wrong = self.look(content, name)
        if wrong:
            return self._ask(request, **wrong)
        keep_upload(
            member=visitor.membership,
            purpose=self.purpose,
            file_name=name,
            content=content,
            at=visitor.at,
        )
        return redirect(f"{self.name}_check", organization=visitor.organization.slug)

    def _ask(self, request: PageRequest, **more: Any) -> HttpResponse:  # noqa: ANN401 - a context
        visitor = request.visitor
        waiting = {
            "waiting": kept_upload(visitor.membership, self.purpose, at=visitor.at),
            "dry_run": reverse(f"{self.name}_check", args=[visitor.organization.slug]),
        }
        context = self._labels(request) | self.context(visitor) | waiting | more
        return render(request, self.ask, context, status=422 if more else 200)

    def _check(self, request: PageRequest) -> HttpResponse:
        """Show what the file would do; import it."""
        visitor = request.visitor
        upload = kept_upload(visitor.membership, self.purpose, at=visitor.at)
        if upload is None:
            messages.warning(request, "There is no file to import: files are kept for an hour.")
            return redirect(self.name, organization=visitor.organization.slug)
        said = request.POST if request.method == "POST" else request.GET
        texts = {name: str(said.get(name, "")).replace("\0", "") for name in said}
        kept = Kept(
            upload.file_name, bytes(upload.content), texts, request.POST.get("expected", "")
        )
        if request.method != "POST":
            return self._dry_run(request, upload, kept)
        try:
            done = self.carry_out(visitor, kept)
        except RefusalError as refusal:
            return self._dry_run(request, upload, kept, refusal=refusal)
        messages.success(request, done)
        return redirect(self.back, organization=visitor.organization.slug)

    def _dry_run(
        self,
        request: PageRequest,
        upload: PendingUpload,
        kept: Kept,
        **more: Any,  # noqa: ANN401 - a context
    ) -> HttpResponse:
        plan = self.plan(request.visitor, kept)
        context = {
            "kept": upload,
            "plan": plan,
            "rows": Paginator(plan.rows, _ON_A_PAGE).get_page(request.GET.get("page")),
            "problems": plan.every_problem[:_ON_A_PAGE],
            **self._labels(request),
            **self.choices(kept),
            **more,
        }
        return render(request, self.check, context, status=422 if more else 200)

    def _labels(self, request: PageRequest) -> dict[str, Any]:
        return {"slug": request.visitor.organization.slug, "pages": self}
