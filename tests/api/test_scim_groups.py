"""SCIM groups: the directory says who is in them, an administrator which role they give."""

from collections.abc import Callable
from typing import Any

import pytest

from api.conftest import AT, Program
from api.directory import GROUP, PATCH, USER, Directory
from reperform.accounts.actions.groups import (
    GroupRoleRefusedError,
    give_group_role,
    remove_group,
)
from reperform.accounts.actions.members import LastAdministratorError, change_member
from reperform.accounts.models import Membership, Organization, ProvisionedGroup
from reperform.accounts.permissions import Role
from reperform.ledger.queries import changes

NOBODY = "6f0c4bd2-5d0e-4b51-9a8e-0a5b1c2d3e4f"
"""The id of nobody: the same in each worker, which all have to find the same tests."""


@pytest.fixture
def directory(program: Callable[..., Program]) -> Directory:
    return Directory(program(Role.ADMINISTRATOR).secret)


@pytest.fixture
def strange_directory(strange_program: Program) -> Directory:
    return Directory(strange_program.secret)


def make(directory: Directory, name: str) -> str:
    answer = directory.make(f"{name}@larkspur.example")
    assert answer.status_code == 201, answer.content
    return str(answer.json()["id"])


def role(name: str) -> str:
    return Membership.objects.get(user__email=f"{name}@larkspur.example").role


def give(key: str, role: Role | None) -> None:
    group = ProvisionedGroup.objects.select_related("organization").get(pk=key)
    give_group_role(group=group, role=role, seen=group.version, by="admin", at=AT)


def members(directory: Directory, key: str) -> list[str]:
    found = directory.ask("GET", f"Groups/{key}").json().get("members", [])
    people = [directory.ask("GET", f"Users/{each['value']}").json() for each in found]
    return [each["userName"].split("@")[0] for each in people]


def test_a_group_gives_a_role_once_an_administrator_says_which(
    directory: Directory, larkspur: Organization
) -> None:
    """Until then it is a name; when somebody leaves it, the role goes."""
    ana, ben = make(directory, "ana"), make(directory, "ben")
    answer = directory.make_group("Engineers", ana, externalId="g-1")
    assert answer.status_code == 201, answer.content
    body = answer.json()
    key = body["id"]
    assert answer.headers["Location"] == body["meta"]["location"]
    assert body["members"][0]["$ref"].endswith(f"/scim/v2/Users/{ana}")
    assert directory.ask("GET", f"Groups/{key}").json() == body
    assert (role("ana"), role("ben")) == ("employee", "employee")

    give(key, Role.CONTROL_OWNER)
    assert (role("ana"), role("ben")) == ("control owner", "employee")

    directory.patch_group(key, {"op": "add", "path": "members", "value": [{"value": ben}]})
    assert role("ben") == "control owner"
    left = {"op": "remove", "path": f'members[value eq "{ana}"]'}
    assert directory.patch_group(key, left).status_code == 200
    assert (role("ana"), members(directory, key)) == ("employee", ["ben"])

    last = changes(larkspur.log)[0]
    assert last.act == "group.changed"
    assert b"ana@larkspur.example" in bytes(last.content)
    assert directory.ask("DELETE", f"Groups/{key}").status_code == 204
    assert role("ben") == "employee"
    assert directory.ask("GET", f"Groups/{key}").status_code == 404


def test_of_several_groups_the_strongest_role_counts(directory: Directory) -> None:
    ana = make(directory, "ana")
    readers = directory.make_group("Readers", ana).json()["id"]
    owners = directory.make_group("Owners", ana).json()["id"]
    give(readers, Role.READ_ONLY)
    give(owners, Role.CONTROL_OWNER)
    assert role("ana") == "control owner"

    give(owners, None)
    assert role("ana") == "read-only"


def test_a_role_that_was_given_by_hand_stays_until_the_groups_change(directory: Directory) -> None:
    ana = make(directory, "ana")
    key = directory.make_group("Owners", ana).json()["id"]
    give(key, Role.CONTROL_OWNER)
    found = Membership.objects.get(user__email="ana@larkspur.example")
    change_member(membership=found, role=Role.READ_ONLY, is_active=True, by="t", at=AT)

    directory.patch_group(key, {"op": "replace", "path": "displayName", "value": "Owners of x"})
    directory.patch(ana, {"op": "replace", "path": "displayName", "value": "Ana"})
    assert role("ana") == "read-only"

    directory.ask("DELETE", f"Groups/{key}")
    assert role("ana") == "read-only"


def test_a_group_makes_no_administrator_unless_the_organization_says_so(
    directory: Directory, larkspur: Organization
) -> None:
    """Neither by being given the role, nor by a role that was written behind the product's back."""
    ana = make(directory, "ana")
    key = directory.make_group("Admins", ana).json()["id"]
    with pytest.raises(GroupRoleRefusedError, match="makes no administrators here"):
        give(key, Role.ADMINISTRATOR)
    ProvisionedGroup.objects.filter(pk=key).update(role="administrator")
    ben = make(directory, "ben")
    directory.patch_group(key, {"op": "add", "path": "members", "value": [{"value": ben}]})
    assert (role("ana"), role("ben")) == ("employee", "employee")

    ProvisionedGroup.objects.filter(pk=key).update(role="")
    Organization.objects.filter(pk=larkspur.pk).update(groups_make_administrators=True)
    give(key, Role.ADMINISTRATOR)
    assert role("ana") == "administrator"
    directory.patch_group(key, {"op": "remove", "path": "members"})
    assert role("ana") == "employee"


def test_who_was_made_an_administrator_by_hand_is_neither_made_nor_unmade_by_groups(
    directory: Directory, larkspur: Organization
) -> None:
    Organization.objects.filter(pk=larkspur.pk).update(groups_make_administrators=True)
    make(directory, "administrator")
    ana = make(directory, "ana")
    found = Membership.objects.get(user__email="ana@larkspur.example")
    change_member(membership=found, role=Role.ADMINISTRATOR, is_active=True, by="t", at=AT)

    for given in (Role.CONTROL_OWNER, Role.ADMINISTRATOR):
        key = directory.make_group("G", ana).json()["id"]
        give(key, given)
        assert role("ana") == "administrator"
        directory.ask("DELETE", f"Groups/{key}")
        assert role("ana") == "administrator"


def test_the_last_administrator_is_not_taken_out_of_the_group_that_made_them_one(
    directory: Directory, larkspur: Organization
) -> None:
    Organization.objects.filter(pk=larkspur.pk).update(groups_make_administrators=True)
    ana = make(directory, "ana")
    key = directory.make_group("Admins", ana).json()["id"]
    give(key, Role.ADMINISTRATOR)
    # Whose token it is was let out since: the next caller is another, and the rule is the same.
    Membership.objects.exclude(user__email="ana@larkspur.example").update(is_active=False)
    group = ProvisionedGroup.objects.get(pk=key)

    with pytest.raises(LastAdministratorError):
        remove_group(group=group, by="t", at=AT)
    assert role("ana") == "administrator"
    assert ProvisionedGroup.objects.filter(pk=key).exists()


def test_who_gets_an_account_later_has_the_role_of_their_groups(directory: Directory) -> None:
    """A record without an address has no membership; with it, the group's role comes."""
    key = str(directory.make("ana").json()["id"])
    group = directory.make_group("Owners", key).json()["id"]
    give(group, Role.CONTROL_OWNER)

    address = [{"value": "ana@larkspur.example"}]
    directory.patch(key, {"op": "add", "path": "emails", "value": address})

    assert role("ana") == "control owner"


def test_who_is_removed_is_in_no_group_any_more(directory: Directory) -> None:
    """And comes back as an employee."""
    ana = make(directory, "ana")
    key = directory.make_group("Owners", ana).json()["id"]
    give(key, Role.CONTROL_OWNER)
    before = directory.ask("GET", f"Groups/{key}").headers["ETag"]

    directory.ask("DELETE", f"Users/{ana}")

    assert members(directory, key) == []
    assert directory.ask("GET", f"Groups/{key}").headers["ETag"] != before
    make(directory, "ana")
    assert role("ana") == "employee"


def test_a_user_says_their_groups_and_does_not_change_them(directory: Directory) -> None:
    """RFC 7643, 4.1.2: `groups` is read-only."""
    ana = make(directory, "ana")
    tag = directory.ask("GET", f"Users/{ana}").headers["ETag"]
    key = directory.make_group("Owners", ana).json()["id"]

    answer = directory.ask("GET", f"Users/{ana}")
    assert answer.headers["ETag"] != tag
    shown = answer.json()["groups"]
    assert [(each["value"], each["display"], each["type"]) for each in shown] == [
        (key, "Owners", "direct")
    ]
    said = {"schemas": [USER], "userName": "ana@larkspur.example", "groups": []}
    assert directory.ask("PUT", f"Users/{ana}", said).json()["groups"] == shown
    refused = directory.patch(ana, {"op": "remove", "path": "groups"})
    assert (refused.status_code, refused.json()["scimType"]) == (400, "mutability")


PATCHES: dict[str, tuple[Callable[[str, str], list[dict[str, Any]]], list[str]]] = {
    # The examples of RFC 7644, 3.5.2.1 to 3.5.2.3, and what Okta and Entra ID send.
    "add a member": (
        lambda _, ben: [
            {
                "op": "add",
                "path": "members",
                "value": [{"display": "Ben", "$ref": "https://x.example/2", "value": ben}],
            }
        ],
        ["ana", "ben"],
    ),
    "add without a path": (
        lambda _, ben: [{"op": "add", "value": {"members": [{"value": ben}]}}], ["ana", "ben"],
    ),
    "add whom it has": (
        lambda ana, _: [{"op": "add", "path": "members", "value": [{"value": ana}]}], ["ana"],
    ),
    "remove one": (
        lambda ana, _: [{"op": "remove", "path": f'members[value eq "{ana}"]'}], [],
    ),
    "remove all": (lambda *_: [{"op": "remove", "path": "members"}], []),
    "remove one, add another": (
        lambda ana, ben: [
            {"op": "remove", "path": f'members[value eq "{ana}"]'},
            {"op": "add", "path": "members", "value": [{"value": ben}]},
        ],
        ["ben"],
    ),
    "replace all": (
        lambda ana, ben: [
            {"op": "replace", "path": "members", "value": [{"value": ben}, {"value": ana}]}
        ],
        ["ana", "ben"],
    ),
    "Entra ID adds": (
        lambda _, ben: [{"op": "Add", "path": "members", "value": [{"value": ben}]}],
        ["ana", "ben"],
    ),
    "Okta replaces": (
        lambda _, ben: [{"op": "replace", "value": {"members": [{"value": ben}]}}], ["ben"],
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", PATCHES)
def test_members_change_as_the_rfc_and_directories_say(name: str, directory: Directory) -> None:
    ana, ben = make(directory, "ana"), make(directory, "ben")
    key = directory.make_group("Tour Guides", ana).json()["id"]
    operations, expected = PATCHES[name]

    answer = directory.patch_group(key, *operations(ana, ben))

    assert answer.status_code == 200, answer.content
    assert members(directory, key) == expected


def test_groups_are_found_sorted_and_paged(directory: Directory) -> None:
    ana = make(directory, "ana")
    keys = {name: directory.make_group(name).json()["id"] for name in ("Beta", "alpha", "Gamma")}
    directory.patch_group(
        keys["Gamma"], {"op": "add", "path": "members", "value": [{"value": ana}]}
    )

    def found(query: str) -> list[str]:
        answer = directory.ask("GET", f"Groups?{query}")
        assert answer.status_code == 200, answer.content
        return [each["displayName"] for each in answer.json().get("Resources", [])]

    assert found('filter=displayName eq "ALPHA"') == ["alpha"]
    assert found('filter=displayName co "a" and not (displayName sw "G")') == ["Beta", "alpha"]
    assert found(f'filter=members.value eq "{ana}"') == ["Gamma"]
    assert found(f'filter=id eq "{keys["Beta"]}"') == ["Beta"]
    assert found("sortBy=displayName&sortOrder=descending") == ["Gamma", "Beta", "alpha"]
    assert found("startIndex=2&count=1&sortBy=displayName") == ["Beta"]
    for text in ("nobody", "1", "' OR 1=1 --", ana[:-1]):
        assert found(f'filter=id eq "{text}"') == found(f'filter=members.value eq "{text}"') == []
    whole = directory.ask("GET", "Groups?excludedAttributes=members").json()["Resources"]
    assert not any("members" in each for each in whole)


def test_a_change_is_for_the_version_that_was_read(directory: Directory) -> None:
    """RFC 7644, 3.14: If-Match, If-None-Match; for people and groups alike."""
    ana = make(directory, "ana")
    key = directory.make_group("Owners").json()["id"]
    for path, change in (
        (f"Users/{ana}", {"op": "replace", "path": "displayName", "value": "Ana"}),
        (f"Groups/{key}", {"op": "replace", "path": "displayName", "value": "Own"}),
    ):
        body = {"schemas": [PATCH], "Operations": [change]}
        read = directory.ask("GET", path)
        tag = read.headers["ETag"]
        assert tag == read.json()["meta"]["version"] == 'W/"1"'
        same = directory.ask("GET", path, If_None_Match=f'W/"9", {tag}')
        assert (same.status_code, same.content) == (304, b"")

        changed = directory.ask("PATCH", path, body, If_Match=tag)
        assert (changed.status_code, changed.headers["ETag"]) == (200, 'W/"2"')
        for method in ("PATCH", "PUT", "DELETE"):
            said = body if method == "PATCH" else {"displayName": "x", "userName": "x"}
            late = directory.ask(method, path, said, If_Match=tag)
            assert (late.status_code, late.json()["status"]) == (412, "412")
            assert directory.ask(method, path, said, If_Match="nonsense").status_code == 412
        assert directory.ask("GET", path, If_None_Match=tag).status_code == 200
        assert directory.ask("DELETE", path, If_Match="*").status_code == 204


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ({"displayName": ""}, "invalidValue"),
        ({"displayName": " "}, "invalidValue"),
        ({}, "invalidValue"),
        ({"displayName": "x" * 201}, "invalidValue"),
        ({"displayName": "x", "externalId": "x" * 201}, "invalidValue"),
        ({"displayName": "a\x00b"}, "invalidValue"),
        ({"displayName": "x", "members": [{"value": "nobody"}]}, "invalidValue"),
        ({"displayName": "x", "members": [{}]}, "invalidValue"),
        ({"displayName": "x", "members": [{"value": NOBODY}]}, "invalidValue"),
        (
            {"displayName": "x", "members": [{"value": NOBODY, "type": "Group"}]},
            "invalidValue",
        ),
        ({"displayName": "x", "members": "everybody"}, "invalidValue"),
        ({"displayName": 5}, "invalidValue"),
    ],
    ids=lambda value: str(value)[:50],
)
def test_what_is_no_group_is_refused(
    body: dict[str, object], kind: str, directory: Directory
) -> None:
    answer = directory.ask("POST", "Groups", {"schemas": [GROUP], **body})

    assert (answer.status_code, answer.json().get("scimType")) == (400, kind), answer.content
    assert not ProvisionedGroup.objects.exists()


@pytest.mark.parametrize("name", ["=1+1", "<script>alert(1)</script>", "Ünïcode 💥", "' OR 1=1 --"])
def test_a_hostile_name_is_only_a_name(name: str, directory: Directory) -> None:
    key = directory.make_group(name).json()["id"]

    assert directory.ask("GET", f"Groups/{key}").json()["displayName"] == name


def test_groups_and_people_of_another_organization_are_neither_seen_nor_named(
    directory: Directory, strange_directory: Directory
) -> None:
    eva = strange_directory.make("eva@other.example").json()["id"]
    theirs = strange_directory.make_group("Theirs", eva).json()["id"]
    ana = make(directory, "ana")
    ours = directory.make_group("Ours", ana).json()["id"]

    assert directory.ask("GET", "Groups").json()["totalResults"] == 1
    found = directory.ask("GET", f'Groups?filter=members.value eq "{eva}"').json()
    assert found["totalResults"] == 0
    operations = {"schemas": [PATCH], "Operations": [{"op": "remove", "path": "members"}]}
    for method, body in (
        ("GET", None),
        ("PUT", {"schemas": [GROUP], "displayName": "x"}),
        ("PATCH", operations),
        ("DELETE", None),
    ):
        assert directory.ask(method, f"Groups/{theirs}", body).status_code == 404
    answer = directory.patch_group(
        ours, {"op": "add", "path": "members", "value": [{"value": eva}]}
    )
    assert (answer.status_code, answer.json()["scimType"]) == (400, "invalidValue")
    assert directory.make_group("Mixed", ana, eva).status_code == 400
    assert members(directory, ours) == ["ana"]


def test_what_the_service_says_of_itself(directory: Directory) -> None:
    """RFC 7644, 4: both resources, what is supported; and it is not filtered."""
    types = directory.ask("GET", "ResourceTypes").json()["Resources"]
    assert {each["endpoint"] for each in types} == {"/Users", "/Groups"}
    schemas = {each["id"] for each in directory.ask("GET", "Schemas").json()["Resources"]}
    assert schemas == {USER, GROUP}
    assert directory.ask("GET", f"Schemas/{GROUP}").json()["id"] == GROUP
    config = directory.ask("GET", "ServiceProviderConfig").json()
    assert [config[name]["supported"] for name in ("patch", "filter", "etag", "sort", "bulk")] == [
        True, True, True, True, False,
    ]  # fmt: skip
    for path in ("ResourceTypes", "Schemas", "ServiceProviderConfig"):
        answer = directory.ask("GET", f'{path}?filter=id eq "x"')
        assert (answer.status_code, answer.json()["status"]) == (403, "403")


FILTERS = [
    # The examples of RFC 7644, 3.4.2.2, of attributes that are kept; Babs is meant by each "yes".
    ('userName eq "bjensen"', True),
    ('name.familyName co "O\'Malley"', False),
    ('userName sw "B"', True),
    ('urn:ietf:params:scim:schemas:core:2.0:User:userName sw "J"', False),
    ("name.familyName pr", True),
    ('meta.lastModified gt "2011-05-13T04:42:34Z"', True),
    ('meta.lastModified lt "2011-05-13T04:42:34Z"', False),
    ('emails[type eq "work" and value co "@example.com"]', True),
    ('emails.type eq "home"', False),
    ('schemas eq "urn:ietf:params:scim:schemas:core:2.0:User"', True),
    ('displayName pr and (emails co "example.com" or emails.value co "example.org")', True),
    ('userName ne "bjensen"', False),
    ("active eq true", True),
]


def test_the_examples_of_the_rfc_are_understood(directory: Directory) -> None:
    answer = directory.make(
        "bjensen",
        name={"formatted": "Ms. Barbara J Jensen", "familyName": "Jensen", "givenName": "Barbara"},
        displayName="Babs Jensen",
        emails=[{"value": "bjensen@example.com", "type": "work", "primary": True}],
        active=True,
    )
    assert answer.status_code == 201, answer.content
    for text, is_meant in FILTERS:
        found = directory.ask("GET", f"Users?filter={text.replace('&', '%26')}")
        assert found.status_code == 200, (text, found.content)
        assert found.json()["totalResults"] == int(is_meant), text


def test_a_list_of_groups_takes_few_queries(
    directory: Directory, django_assert_max_num_queries: Callable[[int], Any]
) -> None:
    """However many there are, and however many people are in them."""
    people = [make(directory, f"p{number}") for number in range(4)]
    for number in range(6):
        directory.make_group(f"g{number}", *people)
    with django_assert_max_num_queries(8):
        directory.ask("GET", "Groups")
    with django_assert_max_num_queries(8):
        directory.ask("GET", "Users")
