"""Kept files: byte for byte, as downloads, to whoever may read their register, while unchanged."""

from collections.abc import Callable

import pytest
from django.db import transaction
from django.test import Client

from reperform.accounts.models import Organization, User
from reperform.accounts.permissions import Role
from reperform.program.actions.files import describe_file, keep_file
from reperform.program.models import KeptFile
from reperform.program.queries.files import file_path
from web.conftest import AT

SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


def kept(organization: Organization) -> KeptFile:
    with transaction.atomic():
        return keep_file(
            organization=organization,
            name="attack.svg",
            content=SVG,
            readable_with="people.view",
            by="ada@example.com",
            at=AT,
        )


def test_a_file_comes_back_byte_for_byte_as_a_download(
    larkspur: Organization, member: Callable[[Role], User], signed_in: Callable[[User], Client]
) -> None:
    """An SVG with a script is no page of ours."""
    file = kept(larkspur)
    answer = signed_in(member(Role.COMPLIANCE_MANAGER)).get(
        f"/o/{larkspur.slug}/files/{file.number}/"
    )

    assert answer.content == SVG
    assert answer.headers["Content-Type"] == "application/octet-stream"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="attack.svg"'
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_a_file_takes_the_permission_of_its_register(
    larkspur: Organization,
    member: Callable[[Role], User],
    signed_in: Callable[[User], Client],
    stranger: User,
) -> None:
    """An employee does not read what is kept about people; a stranger finds nothing."""
    url = f"/o/{larkspur.slug}/files/{kept(larkspur).number}/"

    assert signed_in(member(Role.EMPLOYEE)).get(url).status_code == 403
    assert signed_in(stranger).get(url).status_code == 404


@pytest.mark.parametrize("damage", ["changed", "gone"])
def test_a_file_that_is_not_what_was_kept_is_not_handed_out(
    damage: str,
    larkspur: Organization,
    member: Callable[[Role], User],
    signed_in: Callable[[User], Client],
) -> None:
    """The digest in the ledger decides."""
    file = kept(larkspur)
    path = file_path(file)
    if damage == "gone":
        path.unlink()
    else:
        path.write_bytes(path.read_bytes() + b" ")
    answer = signed_in(member(Role.ADMINISTRATOR)).get(f"/o/{larkspur.slug}/files/{file.number}/")

    assert answer.status_code == 422
    assert b"file-lost" in answer.content


def test_the_ledger_names_both_digests_of_a_file(larkspur: Organization) -> None:
    """The one that a holder of the file can compute, and the one of the salted blob."""
    file = kept(larkspur)

    assert describe_file(file)["sha256"] != describe_file(file)["blob"]
    assert file_path(file).read_bytes()[32:] == SVG


@pytest.mark.django_db(transaction=True)
def test_a_file_is_kept_inside_an_action_only(larkspur: Organization) -> None:
    """Otherwise it could be kept and its ledger entry not."""
    with pytest.raises(RuntimeError, match="outside the action"):
        keep_file(
            organization=larkspur, name="x.txt", content=b"x", readable_with="", by="a", at=AT
        )
