"""Many organizations in one installation: who runs it founds them."""

from collections.abc import Callable

from outside import Ran


def test_an_organization_is_founded_with_a_link_for_its_first_administrator(
    reperform: Callable[..., Ran],
) -> None:
    """Only the link is on standard output, so that a script can send it."""
    ran = reperform("organization", "add", "Larkspur", "--administrator", "ana@larkspur.example")

    assert ran.code == 0, ran.err
    assert ran.out.startswith("http://127.0.0.1:8000/invitation/")
    assert ran.out.count("\n") == 1
    assert "Larkspur is at http://127.0.0.1:8000/o/larkspur/" in ran.err

    again = reperform("organization", "add", "Larkspur", "--administrator", "bo@larkspur.example")
    assert "/o/larkspur-2/" in again.err
    listed = reperform("organization", "list")
    assert listed.out.splitlines() == [
        "larkspur  Larkspur  0 members",
        "larkspur-2  Larkspur  0 members",
    ]


def test_a_name_or_an_address_that_is_none_founds_nothing(reperform: Callable[..., Ran]) -> None:
    for name, address in (
        (" ", "a@b.example"),
        ("x" * 201, "a@b.example"),
        ("A\nB", "a@b.example"),
        ("A", "nobody"),
    ):
        ran = reperform("organization", "add", name, "--administrator", address)
        assert ran.code == 2, (name, ran.err)

    assert reperform("organization", "list").out == ""


def test_an_organization_whose_provider_fails_is_opened_again(
    reperform: Callable[..., Ran],
) -> None:
    """An administrator's way back, by who runs the installation."""
    reperform("organization", "add", "Larkspur", "--administrator", "ana@larkspur.example")

    assert reperform("organization", "open", "larkspur").code == 0
    assert reperform("organization", "open", "no-such").code == 2
