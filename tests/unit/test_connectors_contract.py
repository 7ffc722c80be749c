"""The contract of a connector: what it declares, how its settings are read, how it is found."""

import sys
from collections.abc import Iterator
from dataclasses import replace
from importlib.metadata import EntryPoint
from pathlib import Path

import pytest

from reperform.connectors import git, tls
from reperform.connectors.contract import Check, Connector, Finding, Grant, Permission, checked
from reperform.connectors.registry import BUILT_IN, find, flaws, installed
from reperform.connectors.settings import Access, Setting, SettingKind, read_settings

_TOKEN = Setting("token", "Token", "make one below Settings", is_secret=True)
_SECRET = "ghp_0123456789"


@pytest.mark.parametrize("connector", BUILT_IN, ids=lambda each: each.name)
def test_each_built_in_connector_keeps_the_contract(connector: Connector) -> None:
    assert flaws(connector) == []
    assert installed().connectors[connector.name] is connector


def test_settings_are_read_into_values_and_secrets() -> None:
    settings = (
        Setting("base_url", "Address", "of the server", SettingKind.ADDRESS),
        Setting("region", "Region", "a name", default="eu"),
        Setting("teams", "Teams", "one a line", SettingKind.LINES, is_required=False),
        _TOKEN,
    )
    access, problems = read_settings(
        settings, {"base_url": "https://a.example", "teams": "x\n\ny", "token": _SECRET}
    )
    assert problems == []
    assert access.settings == {
        "base_url": "https://a.example",
        "region": "eu",
        "teams": ["x", "y"],
    }
    assert access.secret("token") == _SECRET
    assert _SECRET not in repr(access)


@pytest.mark.parametrize(
    ("kind", "said", "what"),
    [
        (SettingKind.LINE, "", "is empty"),
        (SettingKind.LINE, "a\nb", "holds characters that cannot be shown"),
        (SettingKind.LINES, [], "is empty"),
        (SettingKind.NUMBER, "many", "is not a number that it can have"),
        (SettingKind.NUMBER, None, "is empty"),
        (SettingKind.FLAG, "perhaps", "is neither yes nor no"),
        (SettingKind.CHOICE, "west", "is none of the choices"),
        (SettingKind.ADDRESS, "ftp://a.example", "is not a web address"),
        (SettingKind.ADDRESS, "https://me:pass@a.example", "holds a name or a password"),
        (SettingKind.ADDRESS, "https://[::1", "is not a web address"),
        (SettingKind.ADDRESS, "https://a.example:99999", "is not a web address"),
        (SettingKind.ADDRESS, "https://a.example/#x", "has a fragment or spaces"),
        (SettingKind.PATH, "../etc", "is not an absolute path"),
    ],
)
def test_a_setting_that_cannot_be_read_is_a_problem_in_its_place(
    kind: SettingKind, said: object, what: str
) -> None:
    setting = Setting("x", "X", "say it", kind, choices={"north": "North"})
    _, problems = read_settings([setting], {"x": said})
    assert [(each.where, each.what) for each in problems] == [("x", what)]


def test_a_field_that_the_connector_does_not_have_is_a_problem() -> None:
    _, problems = read_settings([], {"colour": "red"})
    assert [each.where for each in problems] == ["colour"]


def test_an_empty_secret_keeps_the_one_that_is_there() -> None:
    assert read_settings([_TOKEN], {"token": ""})[1]
    access, problems = read_settings([_TOKEN], {"token": ""}, kept={"token"})
    assert (problems, dict(access.secrets)) == ([], {})


def test_every_line_of_a_secret_is_hidden() -> None:
    key = "-----BEGIN KEY-----\nAAAABBBB\n-----END KEY-----"
    access = Access({}, {"key": key, "pin": "1"})
    assert "AAAABBBB" not in access.hide("cannot read AAAABBBB of the key")
    assert access.hide("1 answer") == "1 answer"


def test_a_check_names_each_permission_and_no_secret() -> None:
    def check(access: Access) -> Check:
        said = Finding("read", Grant.DENIED, f"403 for {access.secret('token')}")
        return Check(f"as {access.secret('token')}", (said, Finding("odd", Grant.GRANTED)))

    declared = replace(
        tls.CONNECTOR,
        settings=(_TOKEN,),
        permissions=(Permission("read", "all of it"), Permission("list", "names")),
        check=check,
    )
    found = checked(declared, Access({}, {"token": _SECRET}))
    assert found == Check(
        "as [secret]",
        (Finding("read", Grant.DENIED, "403 for [secret]"), Finding("list", Grant.UNKNOWN)),
    )


def test_a_tls_endpoint_that_is_none_is_a_problem_of_its_field() -> None:
    _, problems = read_settings(tls.CONNECTOR.settings, {"endpoints": "a.example:443\nb.example"})
    assert [each.what for each in problems] == ["'b.example' is not HOST:PORT"]


_PLUGIN = """
from dataclasses import replace
from reperform.connectors.tls import CONNECTOR as tls

source = replace(tls.streams[0].source, stream="acme/endpoint", tables=())
ACME = replace(tls, name="acme", streams=(replace(tls.streams[0], source=source),))
SHADOW = replace(tls, title="mine")
THIEF = replace(tls, name="thief")
NUMBER = 3

from reperform.connectors.populations import TABLES as populations

accounts = populations["population.accounts"]
own = replace(source, tables=(accounts,))
FILLS = replace(ACME, streams=(replace(ACME.streams[0], source=own),))
other = replace(own, tables=(replace(accounts, columns=accounts.columns[:3]),))
BENDS = replace(ACME, streams=(replace(ACME.streams[0], source=other),))
"""


@pytest.fixture
def plugin(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    (tmp_path / "acme_plugin.py").write_text(_PLUGIN)
    monkeypatch.syspath_prepend(str(tmp_path))
    yield "acme_plugin"
    sys.modules.pop("acme_plugin", None)


def test_a_plug_in_is_found_by_its_entry_point(plugin: str) -> None:
    found = find([EntryPoint("acme", f"{plugin}:ACME", "reperform.connectors")])
    assert found.connectors["acme"].title == "TLS endpoints"
    assert not found.left_out


def test_a_plug_in_may_fill_a_population_as_it_is_declared(plugin: str) -> None:
    found = find([EntryPoint("acme", f"{plugin}:FILLS", "reperform.connectors")])
    assert not found.left_out


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("SHADOW", "there is a connector tls already"),
        ("THIEF", "stream tls/endpoint is not below its name"),
        ("BENDS", "table population.accounts is not below its name"),
        ("NUMBER", "is not a Connector"),
        ("MISSING", "cannot be loaded"),
    ],
)
def test_a_plug_in_that_breaks_the_contract_is_left_out_with_the_reason(
    plugin: str, name: str, why: str
) -> None:
    found = find([EntryPoint("other", f"{plugin}:{name}", "reperform.connectors")])
    assert why in found.left_out["other"]
    assert set(found.connectors) == {each.name for each in BUILT_IN}


def test_a_module_that_is_not_there_is_left_out() -> None:
    found = find([EntryPoint("gone", "no_such_module:X", "reperform.connectors")])
    assert "no_such_module" in found.left_out["gone"]


def test_a_secret_with_a_default_and_an_undeclared_need_are_flaws() -> None:
    broken = replace(
        git.CONNECTOR,
        settings=(replace(_TOKEN, default="x"), Setting("Big", "Big", "big")),
        permissions=(),
    )
    said = " ".join(flaws(broken))
    assert "secret token has a default" in said
    assert "'Big' is not a name" in said
    assert "which is not declared" in said
