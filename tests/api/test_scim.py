"""SCIM: a directory makes and closes members of its own organization, and touches nothing else."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.test import Client, RequestFactory
from scim2_client.engines.wsgi import WSGISCIMClient
from scim2_tester import Status, check_server

from api.conftest import AT, Program
from api.directory import PATCH, USER, Directory
from reperform.accounts.actions.members import LastAdministratorError, change_member
from reperform.accounts.models import ApiToken, Membership, Organization, ProvisionedPerson, User
from reperform.accounts.permissions import Role, granted
from reperform.api.scim import urls
from reperform.ledger.queries import changes
from reperform.server.failures import broken
from reperform.server.wsgi import application


@pytest.fixture
def directory(program: Callable[..., Program]) -> Directory:
    return Directory(program(Role.ADMINISTRATOR).secret)


@pytest.fixture
def strange_directory(strange_program: Program) -> Directory:
    return Directory(strange_program.secret)


def member(email: str, organization: str = "larkspur") -> Membership:
    return Membership.objects.get(user__email=email, organization__slug=organization)


@pytest.mark.usefixtures("kept_connection")
def test_the_conformance_tester_finds_nothing(directory: Directory) -> None:
    """Every check of scim2-tester: discovery, each operation, each attribute."""
    client = WSGISCIMClient(
        application,
        base_url="http://localhost/scim/v2",
        headers={"Authorization": f"Bearer {directory.secret}"},
    )

    results = check_server(client)

    wrong = [
        f"{each.title}: {each.reason}"
        for each in results
        if each.status not in (Status.SUCCESS, Status.SKIPPED, Status.COMPLIANT)
    ]
    assert not wrong, "\n".join(wrong)
    assert sum(each.status is Status.SUCCESS for each in results) > 20


def test_a_person_becomes_a_member_who_may_little(
    directory: Directory, larkspur: Organization
) -> None:
    answer = directory.make(
        "ana@larkspur.example", displayName="Ana Diaz", externalId="7f1", active=True
    )

    assert answer.status_code == 201
    body = answer.json()
    assert answer.headers["Location"] == body["meta"]["location"]
    made = member("ana@larkspur.example")
    assert (made.role, made.is_active, made.external_id) == ("employee", True, "7f1")
    assert made.user.name == "Ana Diaz"
    assert not made.user.has_usable_password()
    assert directory.ask("GET", f"Users/{body['id']}").json() == body
    assert changes(larkspur.log)[0].act == "person.provisioned"


def test_people_are_found_as_directories_look_for_them(directory: Directory) -> None:
    """By user name whatever its case, by external id, by other attributes, page by page."""
    for number in range(5):
        directory.make(f"p{number}@larkspur.example", externalId=f"x{number}")

    def found(query: str) -> list[str]:
        return [
            each["userName"][:2]
            for each in directory.ask("GET", f"Users?{query}").json().get("Resources", [])
        ]

    assert found('filter=userName eq "P3@LARKSPUR.example"') == ["p3"]
    assert found('filter=externalId eq "x4"') == ["p4"]
    assert found('filter=externalId eq "X4"') == []
    assert found('filter=userName sw "p" and not (userName co "3")') == ["p0", "p1", "p2", "p4"]
    assert found("startIndex=2&count=2") == ["p1", "p2"]
    page = directory.ask("GET", "Users?startIndex=2&count=2").json()
    assert (page["totalResults"], page["startIndex"], page["itemsPerPage"]) == (5, 2, 2)
    assert directory.ask("GET", "Users?count=0").json()["totalResults"] == 5
    assert found("count=2&startIndex=6") == []


def test_deactivation_closes_sessions_and_tokens_at_once(
    directory: Directory, client: Client, larkspur: Organization
) -> None:
    """As Entra asks it, and as Okta does; letting the person in again revives neither."""
    key = directory.make("ana@larkspur.example").json()["id"]
    made = member("ana@larkspur.example")
    client.force_login(made.user, backend="allauth.account.auth_backends.AuthenticationBackend")
    assert client.get("/o/larkspur/").status_code == 200
    from reperform.accounts.actions.tokens import make_token  # noqa: PLC0415

    _, secret = make_token(
        membership=made, name="x", scopes={"overview.view"}, days=7, by="t", at=AT
    )

    entra = {"op": "Replace", "path": "active", "value": False}
    assert directory.patch(key, entra).json()["active"] is False

    assert client.get("/o/larkspur/").status_code in (302, 404)
    assert ApiToken.objects.get(made_by=made).revoked_at
    okta = {"op": "replace", "value": {"active": True}}
    assert directory.patch(key, okta).json()["active"] is True
    assert client.get("/o/larkspur/").status_code == 302
    assert Program(secret).ask("get", "/scope").status_code == 401


def test_deletion_closes_the_membership_and_forgets_the_record(directory: Directory) -> None:
    """Who is made again is not what they were."""
    key = directory.make("ana@larkspur.example").json()["id"]
    made = member("ana@larkspur.example")
    change_member(membership=made, role=Role.ADMINISTRATOR, is_active=True, by="t", at=AT)

    assert directory.ask("DELETE", f"Users/{key}").status_code == 204
    assert directory.ask("GET", f"Users/{key}").status_code == 404
    assert not member("ana@larkspur.example").is_active

    assert directory.make("ana@larkspur.example").status_code == 201
    assert (member("ana@larkspur.example").role, member("ana@larkspur.example").is_active) == (
        "employee", True,
    )  # fmt: skip


def test_the_last_administrator_stays(directory: Directory) -> None:
    """Whatever the directory says: nobody could let anybody in again."""
    key = directory.make("administrator@larkspur.example").json()["id"]

    for answer in (
        directory.patch(key, {"op": "replace", "path": "active", "value": False}),
        directory.ask(
            "PUT", f"Users/{key}", {"schemas": [USER], "userName": "a@b.example", "active": False}
        ),
        directory.ask("DELETE", f"Users/{key}"),
    ):
        assert answer.status_code == 400
        assert "no other member is an active administrator" in answer.json()["detail"]
    assert member("administrator@larkspur.example").is_active
    assert (
        directory.ask("GET", f"Users/{key}").json()["userName"] == "administrator@larkspur.example"
    )
    with pytest.raises(LastAdministratorError):
        change_member(
            membership=member("administrator@larkspur.example"),
            role=Role.EMPLOYEE, is_active=True, by="t", at=AT,
        )  # fmt: skip


def test_people_of_another_organization_are_neither_seen_nor_changed(
    directory: Directory, strange_directory: Directory
) -> None:
    key = strange_directory.make("eva@other.example", displayName="Eva").json()["id"]

    assert directory.ask("GET", "Users").json()["totalResults"] == 0
    everybody = directory.ask("GET", 'Users?filter=userName eq "eva@other.example"').json()
    assert everybody["totalResults"] == 0
    for method, body in (
        ("GET", None),
        ("PUT", {"schemas": [USER], "userName": "x"}),
        ("PATCH", {"schemas": [PATCH], "Operations": [{"op": "remove", "path": "name"}]}),
        ("DELETE", None),
    ):
        assert directory.ask(method, f"Users/{key}", body).status_code == 404
    assert member("eva@other.example", "other").is_active


def test_the_account_of_a_member_elsewhere_is_the_persons_own(
    directory: Directory, strange_directory: Directory
) -> None:
    """The directory of one organization changes neither name, address nor password there."""
    strange_directory.make("eva@other.example", displayName="Eva Stone")
    eva = User.objects.get(email="eva@other.example")
    eva.set_password("a sentence of nobody in particular")
    eva.save()
    before = User.objects.values().get(pk=eva.pk)

    key = directory.make("eva@other.example", displayName="Mallory", password="x" * 20).json()["id"]
    directory.patch(key, {"op": "replace", "path": "displayName", "value": "Mallory again"})
    directory.patch(key, {"op": "add", "path": "emails", "value": [{"value": "m@evil.example"}]})
    directory.ask("DELETE", f"Users/{key}")

    assert User.objects.values().get(pk=eva.pk) == before
    assert not member("eva@other.example", "larkspur").is_active
    assert member("eva@other.example", "other").is_active


def test_a_password_of_the_directory_is_neither_kept_nor_told(
    directory: Directory, larkspur: Organization
) -> None:
    answer = directory.make("ana@larkspur.example", password="t0p-secret-of-okta")

    assert b"t0p-secret" not in answer.content
    assert "t0p-secret" not in str(list(ProvisionedPerson.objects.values()))
    assert b"t0p-secret" not in b"".join(bytes(each.content) for each in changes(larkspur.log))


@pytest.mark.parametrize(
    ("body", "status", "kind"),
    [
        (b"", 400, "invalidSyntax"),
        (b"{", 400, "invalidSyntax"),
        (b"[]", 400, "invalidSyntax"),
        (b"[" * 40_000, 400, "invalidSyntax"),
        (b'{"a":' * 20_000, 400, "invalidSyntax"),
        (b"\xff\xfe", 400, "invalidSyntax"),
        ({"schemas": [USER]}, 400, "invalidValue"),
        ({"schemas": [USER], "userName": " "}, 400, "invalidValue"),
        ({"schemas": [USER], "userName": 5}, 400, "invalidValue"),
        ({"schemas": [USER], "userName": "x" * 255}, 400, "invalidValue"),
        ({"schemas": [USER], "userName": "a\x00b"}, 400, "invalidValue"),
        ({"schemas": [USER], "userName": "a\ud800b"}, 400, "invalidValue"),
        (
            {"schemas": [USER], "userName": "a", "emails": [{"value": "nobody"}]},
            400,
            "invalidValue",
        ),
        ({"schemas": [USER], "userName": "a", "active": "perhaps"}, 400, "invalidValue"),
        ({"schemas": [USER], "userName": "a", "name": "x"}, 400, "invalidValue"),
        (b"x" * 100_001, 413, None),
    ],
    ids=lambda value: str(value)[:60],
)
def test_what_is_no_person_is_refused_as_scim_does(
    body: object, status: int, kind: str | None, directory: Directory
) -> None:
    answer = directory.ask("POST", "Users", body)

    assert answer.status_code == status, answer.content
    assert answer.headers["Content-Type"] == "application/scim+json"
    assert answer.json().get("scimType") == kind
    assert answer.json()["status"] == str(status)
    assert not ProvisionedPerson.objects.exists()


@pytest.mark.parametrize(
    ("query", "kind"),
    [
        ("filter=userName", "invalidFilter"),
        ('filter=userName eq "', "invalidFilter"),
        ("filter=" + "(" * 3000, "invalidFilter"),
        ("count=x", "invalidValue"),
        ("startIndex=" + "9" * 50, None),
        ("attributes=userName&excludedAttributes=name", "invalidValue"),
    ],
)
def test_a_question_that_cannot_be_read_is_refused(
    query: str, kind: str | None, directory: Directory
) -> None:
    answer = directory.ask("GET", f"Users?{query}")

    assert answer.status_code == (400 if kind else 200), answer.content
    assert answer.json().get("scimType") == kind


def test_what_nobody_asked_for_is_not_kept(directory: Directory) -> None:
    """Attributes and extensions that directories send besides: accepted, and forgotten."""
    enterprise = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
    answer = directory.ask(
        "POST",
        "Users",
        {
            "schemas": [USER, enterprise],
            "id": "chosen",
            "meta": {"resourceType": "User"},
            "userName": "bjensen@example.com",
            "nickName": "Babs",
            "phoneNumbers": [{"value": "555-555-5555", "type": "work"}],
            "groups": [{"value": "e9e30dba", "display": "Tour Guides"}],
            "x509Certificates": [{"value": "MIIDQzCCAqygAwIBAgICEAAwDQYJKoZIhvcNAQEFBQAw"}],
            enterprise: {"employeeNumber": "701984", "manager": {"value": "26118915"}},
        },
    )

    assert answer.status_code == 201, answer.content
    assert answer.json()["id"] != "chosen"
    kept = ProvisionedPerson.objects.get().document
    assert set(kept) == {"schemas", "userName"}


def test_one_record_for_one_person(directory: Directory) -> None:
    """Neither the same user name in other letters, nor the same address under another name."""
    directory.make("ana@larkspur.example")

    for answer in (
        directory.make("ANA@larkspur.example"),
        directory.make("ana2", emails=[{"value": "ana@larkspur.example"}]),
    ):
        assert answer.status_code == 409
        assert answer.json()["scimType"] == "uniqueness"


def operations() -> Iterator[tuple[str, str]]:
    """Yield each method and route that is served."""
    waiting: list[Any] = list(urls.urlpatterns)
    for each in waiting:
        if hasattr(each, "url_patterns"):
            waiting += each.url_patterns
            continue
        route = "Bulk" if each.name == "scim_nothing" else str(each.pattern)
        for method in each.callback.methods:
            yield method, route.replace("<str:key>", "1")


OPERATIONS = list(operations())


def test_every_operation_takes_a_token_that_may_provision(
    program: Callable[..., Program],
) -> None:
    """Neither none, nor a wrong one, nor one with everything else."""
    others = granted(Role.ADMINISTRATOR) - {"members.provision"}
    asked = {
        "": (401, Directory("")),
        "wrong": (401, Directory("rpf_wrong")),
        "other": (403, Directory(program(Role.ADMINISTRATOR, set(others)).secret)),
        "manager": (403, Directory(program(Role.COMPLIANCE_MANAGER).secret)),
    }
    assert len(OPERATIONS) > 12
    for method, path in OPERATIONS:
        for expected, directory in asked.values():
            answer = directory.ask(method, path, {})
            assert answer.status_code == expected, (method, path)
            assert answer.json()["status"] == str(expected)


def test_what_is_not_served_says_so(directory: Directory) -> None:
    assert directory.ask("POST", "Bulk", {}).status_code == 501
    assert directory.ask("GET", "Me").status_code == 501
    assert directory.ask("GET", "Roles").status_code == 404
    assert directory.ask("PUT", "Users", {}).status_code == 405
    assert [each["name"] for each in directory.ask("GET", "ResourceTypes").json()["Resources"]] == [
        "User",
        "Group",
    ]


@pytest.mark.parametrize(
    ("path", "status", "kind"),
    [
        ("Users/a%00b", 404, None),
        ("Users%00", 404, None),
        ('Users?filter=userName eq "a%00b"', 400, "invalidFilter"),
        ("Users?startIndex=%00", 400, None),
    ],
)
def test_an_address_with_nul_is_answered_as_scim_has_it(
    path: str, status: int, kind: str | None, directory: Directory
) -> None:
    """A directory reads no page: the error is one of RFC 7644, section 3.12."""
    answer = directory.ask("GET", path)

    assert answer.status_code == status
    assert answer.headers["Content-Type"] == "application/scim+json"
    body = answer.json()
    assert body["schemas"] == ["urn:ietf:params:scim:api:messages:2.0:Error"]
    assert (int(body["status"]), body.get("scimType")) == (status, kind)


def test_a_failure_of_the_program_is_answered_as_scim_has_it(rf: RequestFactory) -> None:
    """What it was stands in the server's log only."""
    answer = broken(rf.get("/scim/v2/Users"))

    assert (answer.status_code, answer.headers["Content-Type"]) == (500, "application/scim+json")
