"""Search over the API finds what the page finds, within the token's scopes."""

from collections.abc import Callable

from api.conftest import AT, Program
from reperform.accounts.models import Organization
from reperform.program.models import RemediationTask


def kinds(program: Program, question: str) -> set[str]:
    return {found["kind"] for found in program.get(f"/search?q={question}")["items"]}


def test_a_token_finds_within_its_scopes(
    larkspur: Organization, program: Callable[..., Program], strange_program: Program
) -> None:
    """Its maker may more: that does not count.  Another organization finds nothing of ours."""
    RemediationTask.objects.create(
        organization=larkspur, number=1, title="Name a CC6.1 zebra", risk="low", changed_at=AT
    )

    assert kinds(program(), "zebra") == {"task"}
    assert kinds(program(scopes={"overview.view"}), "zebra") == set()
    assert kinds(program(scopes={"overview.view"}), "carve-out") == {"word"}
    assert kinds(strange_program, "zebra") == set()


def test_the_best_comes_first_and_a_part_can_be_asked_for(program: Callable[..., Program]) -> None:
    caller = program()

    whole = caller.get("/search?q=cc6.1")
    part = caller.get("/search?q=cc6.1&offset=1&limit=1")

    assert whole["items"][0]["key"] == "CC6.1"
    assert whole["total"] > 1
    assert part["items"] == whole["items"][1:2]


def test_a_question_is_needed_and_has_an_end(program: Callable[..., Program]) -> None:
    caller = program()

    assert caller.ask("get", "/search").status_code == 422
    assert caller.ask("get", f"/search?q={'x' * 201}").status_code == 422
    assert caller.ask("get", "/search?q=%00").status_code == 400
    assert caller.get("/search?q=%01")["items"] == []
