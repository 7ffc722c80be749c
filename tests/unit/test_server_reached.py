"""How browsers reach the server, from the environment: what is wrong is refused at the start."""

import pytest

from reperform.server.reached import Reached, ServerAddressError, private_sources, reached


@pytest.mark.parametrize(
    "url",
    [
        "reperform.example.com",
        "ftp://reperform.example.com",
        "https://",
        "https://reperform.example.com/path",
        "https://reperform.example.com?x",
        "https://user@reperform.example.com",
        "https://reperform.example.com:port",
        "https://[::1",
    ],
)
def test_what_is_no_address_of_a_whole_site_is_refused(url: str) -> None:
    with pytest.raises(ServerAddressError, match="REPERFORM_URL"):
        reached({"REPERFORM_URL": url})


@pytest.mark.parametrize("proxy", ["*", "10.0.0.0/8", "localhost", "127.0.0.1,10.0.0.1"])
def test_a_proxy_is_one_ip_address(proxy: str) -> None:
    """A name, a network or a star would let more than one machine say who visits."""
    with pytest.raises(ServerAddressError, match="REPERFORM_PROXY"):
        reached({"REPERFORM_PROXY": proxy})


def test_without_variables_it_is_this_machine_in_plain_http_and_nobody_is_believed() -> None:
    assert reached({}) == Reached(
        url="", hosts=["127.0.0.1", "localhost", "[::1]"], is_https=False, proxy=""
    )


def test_names_that_are_told_replace_those_of_this_machine_and_the_urls_joins_them() -> None:
    said = reached({"REPERFORM_URL": "https://[2001:db8::1]:8443/", "REPERFORM_HOSTS": "a, b ,"})

    assert said.hosts == ["a", "b", "[2001:db8::1]"]
    assert said.url == "https://[2001:db8::1]:8443"
    assert said.is_https


def test_https_can_be_denied_and_said_without_a_url() -> None:
    assert not reached({"REPERFORM_URL": "https://a.example", "REPERFORM_HTTPS": "0"}).is_https
    assert reached({"REPERFORM_HTTPS": "1"}).is_https


@pytest.mark.parametrize("said", ["10.0.0.1/8", "10.0.0.0/33", "intranet", "10.0.0.0/8 127.0.0.1"])
def test_what_is_no_network_that_connections_may_call_is_refused(said: str) -> None:
    """A slip of the pen would open another one."""
    with pytest.raises(ServerAddressError, match="REPERFORM_PRIVATE_SOURCES"):
        private_sources(said)


def test_without_the_variable_connections_call_public_addresses_only() -> None:
    assert private_sources("") == ()
