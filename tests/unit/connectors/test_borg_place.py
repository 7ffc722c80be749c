"""Where a repository of borg is: whoever names one runs borg on this machine."""

import pytest

from reperform.connectors.borg import CONNECTOR
from reperform.connectors.borg.place import flaw, host
from reperform.connectors.borg.program import BorgError, run
from reperform.connectors.calls import CallFailedError
from reperform.connectors.calls.opening import networks
from reperform.connectors.settings import Access
from reperform.evidence.local import local_problems

PLACES = {
    "/srv/backups": "",
    "/srv/a:b": "",
    "ssh://backup@nas.example.org:2222/srv/r": "nas.example.org",
    "ssh://nas/./r": "nas",
    "backup@nas.example.org:r": "nas.example.org",
    "10.0.0.7:/srv/r": "10.0.0.7",
}
REFUSED = [
    "backups",
    "../backups",
    "file:///srv/r",
    "ssh://-oProxyCommand=id/srv",
    "ssh://-x@nas/srv",
    "ssh://nas",
    "-oProxyCommand=id:/srv",
    "-x@nas:/srv",
    "a@-oProxyCommand=id:/srv",
    "/srv/r::archive",
    "/srv/{hostname}",
    "nas:/srv/{user}",
    "--rsh=id",
    "/srv/r\n",
    "",
]


@pytest.mark.parametrize("repository", PLACES)
def test_the_host_of_a_repository_is_known_before_borg_runs(repository: str) -> None:
    assert (flaw(repository), host(repository)) == ("", PLACES[repository])


@pytest.mark.parametrize("repository", REFUSED)
def test_a_name_that_runs_something_else_is_refused(repository: str) -> None:
    """Options to the program that connects, what borg fills in, folders relative to nothing."""
    assert flaw(repository)
    with pytest.raises(BorgError, match="was not asked: it "):
        run(Access({"repository": repository}, {}), "list")


@pytest.mark.parametrize(("repository", "problems"), [("/srv/backups/r", 0), ("/etc", 1)])
def test_a_folder_of_this_machine_is_open_only_where_the_installation_says_so(
    repository: str, problems: int
) -> None:
    found = local_problems(CONNECTOR, {"repository": repository}, allowed=["/srv/backups"])

    assert len(found) == problems


@pytest.mark.enable_socket
@pytest.mark.parametrize("repository", ["ssh://10.0.0.7:22/b", "a@127.0.0.1:/srv"])
def test_a_repository_on_a_network_that_is_not_open_is_not_asked(repository: str) -> None:
    """As over HTTP."""
    access = Access({"repository": repository}, {}, private=networks("192.168.0.1"))

    with pytest.raises(CallFailedError, match="REPERFORM_PRIVATE_SOURCES"):
        run(access, "list")
