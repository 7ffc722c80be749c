"""Founds a company in an installation and prints its administrator's token.

Usage: REPERFORM_HOME=FOLDER python tests/docs/new_company.py
"""

from datetime import UTC, datetime

from reperform.cli.site import open_site


def main() -> None:
    """Found it, by the product's own actions."""
    open_site()
    from reperform.accounts.actions.organizations import found_organization  # noqa: PLC0415
    from reperform.accounts.actions.tokens import make_token  # noqa: PLC0415
    from reperform.accounts.models import Membership, User  # noqa: PLC0415
    from reperform.accounts.permissions import Role, granted  # noqa: PLC0415

    now = datetime.now(UTC)
    membership = Membership.objects.create(
        user=User.objects.create(email="ada@larkspur.example", date_joined=now),
        organization=found_organization(name="Larkspur", by="test", at=now),
        role=Role.ADMINISTRATOR.value,
        since=now,
    )
    _, secret = make_token(
        membership=membership,
        name="docs",
        scopes=granted(Role.ADMINISTRATOR),
        days=1,
        by="test",
        at=now,
    )
    print(secret)  # noqa: T201 - it is what the caller reads


if __name__ == "__main__":
    main()
