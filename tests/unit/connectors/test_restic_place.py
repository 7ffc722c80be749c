"""Where a repository of restic is: whoever names one runs restic on this machine."""

import pytest

from reperform.connectors.calls import CallFailedError
from reperform.connectors.calls.opening import networks
from reperform.connectors.restic import CONNECTOR
from reperform.connectors.restic.place import flaw, folder, host
from reperform.connectors.restic.program import ResticError, run
from reperform.connectors.settings import Access
from reperform.evidence.local import local_problems

PLACES = {
    "/srv/backups": "",
    "local:/srv/backups": "",
    "sftp:backup@nas.example.org:/srv": "nas.example.org",
    "sftp://backup@nas.example.org:2222//srv": "nas.example.org",
    "sftp:nas:/srv": "nas",
    "rest:https://user:word@backup.example.org:8000/r": "backup.example.org",
    "s3:s3.amazonaws.com/bucket": "s3.amazonaws.com",
    "s3:http://10.0.0.7:9000/bucket": "10.0.0.7",
    "s3://[fd00::1]:9000/bucket": "fd00::1",
    "b2:bucket:path": "",
    "gs:bucket:/": "",
}


@pytest.mark.parametrize("repository", PLACES)
def test_the_host_of_a_repository_is_known_before_restic_runs(repository: str) -> None:
    assert (flaw(repository), host(repository)) == ("", PLACES[repository])


@pytest.mark.parametrize(
    ("repository", "problems"), [("/srv/backups/r", 0), ("local:/etc", 1), ("b2:bucket", 0)]
)
def test_a_folder_of_this_machine_is_open_only_where_the_installation_says_so(
    repository: str, problems: int
) -> None:
    """Also one that is named as a repository and not as a path."""
    found = local_problems(CONNECTOR, {"repository": repository}, allowed=["/srv/backups"])

    assert len(found) == problems
    assert folder("local:/etc") == "/etc"


REFUSED = [
    "backups",
    "../backups",
    "local:backups",
    "rclone:remote:path",
    "sftp:-oProxyCommand=id:/srv",
    "sftp:user@-oProxyCommand=id:/srv",
    "sftp://-oProxyCommand=id/srv",
    "sftp:-x@nas:/srv",
    "sftp:",
    "rest:",
    "s3://[fd00::1",
    "exec:whoami",
]


@pytest.mark.parametrize("repository", REFUSED)
def test_a_name_that_runs_something_else_is_refused(repository: str) -> None:
    """Options to the program that connects, other programs, and folders relative to nothing."""
    assert flaw(repository)
    with pytest.raises(ResticError, match="was not asked: it "):
        run(Access({"repository": repository}, {"password": "x"}), "snapshots")


@pytest.mark.enable_socket
@pytest.mark.parametrize("repository", ["s3:http://10.0.0.7:9000/b", "sftp:a@127.0.0.1:/srv"])
def test_a_repository_on_a_network_that_is_not_open_is_not_asked(repository: str) -> None:
    """As over HTTP."""
    access = Access({"repository": repository}, {"password": "x"}, private=networks("192.168.0.1"))

    with pytest.raises(CallFailedError, match="REPERFORM_PRIVATE_SOURCES"):
        run(access, "snapshots")
