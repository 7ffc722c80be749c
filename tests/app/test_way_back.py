"""A way back into an account, given by who runs the installation."""

from collections.abc import Callable

from outside import Ran


def test_a_link_is_given_to_people_who_sign_in_here_only(reperform: Callable[..., Ran]) -> None:
    ran = reperform("member", "link", "nobody@larkspur.example")

    assert ran.code == 2
    assert "nobody signs in as" in ran.err
