"""NET-01.T1: a host firewall refuses incoming traffic by default."""

from drawing import RunProcedure

PROCEDURE = "network/firewall-refuses-by-default.sql"


def test_a_filter_that_refuses_passes(run_procedure: RunProcedure) -> None:
    """One is enough, beside an open one."""
    result = run_procedure(
        PROCEDURE,
        {
            "host.system": """
                host | is_container
                -----+-------------
                web1 | false
                """,
            "host.firewall": """
                backend  | input_rules | input_policy | refuses_by_default
                ---------+-------------+--------------+-------------------
                iptables | 0           | accept       | false
                nftables | 5           | drop         | true
                """,
        },
    )

    assert result.outcomes == {"web1": "pass"}
    assert "nftables: 5 rules, policy drop" in result.reasons["web1"]


def test_filters_that_let_everything_in_deviate(run_procedure: RunProcedure) -> None:
    """Listed, readable, open."""
    result = run_procedure(
        PROCEDURE,
        {
            "host.system": """
                host | is_container
                -----+-------------
                web1 | false
                """,
            "host.firewall": """
                backend  | input_rules | input_policy | refuses_by_default
                ---------+-------------+--------------+-------------------
                nftables | 0           | accept       | false
                """,
        },
    )

    assert result.outcomes == {"web1": "deviation"}


def test_no_filter_that_could_be_listed_is_unable(run_procedure: RunProcedure) -> None:
    """Nor one that could not be read, nor a container."""
    result = run_procedure(
        PROCEDURE,
        {
            "host.system": """
                host | is_container
                -----+-------------
                web1 | false
                """,
        },
    )

    assert result.reasons == {"web1": "no packet filter could be listed"}
    assert result.outcomes == {"web1": "unable"}


def test_a_filter_that_could_not_be_read_is_unable(run_procedure: RunProcedure) -> None:
    """NULL is not open, and not shut."""
    result = run_procedure(
        PROCEDURE,
        {
            "host.system": """
                host | is_container
                -----+-------------
                web1 | false
                """,
            "host.firewall": """
                backend  | input_rules | input_policy | refuses_by_default
                ---------+-------------+--------------+-------------------
                nftables | -           | -            | -
                """,
        },
    )

    assert result.outcomes == {"web1": "unable"}


def test_an_open_container_is_unable(run_procedure: RunProcedure) -> None:
    """The machine outside it filters."""
    result = run_procedure(
        PROCEDURE,
        {
            "host.system": """
                host | is_container
                -----+-------------
                web1 | true
                """,
            "host.firewall": """
                backend  | input_rules | input_policy | refuses_by_default
                ---------+-------------+--------------+-------------------
                nftables | 0           | accept       | false
                """,
        },
    )

    assert result.outcomes == {"web1": "unable"}


def test_it_did_not_operate_without_a_host(run_procedure: RunProcedure) -> None:
    """No host was looked at."""
    result = run_procedure(
        PROCEDURE,
        {},
    )

    assert result.conclusion == "did not operate"
