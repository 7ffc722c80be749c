"""The first start of an installation, from nothing: others begin with a copy of what it leaves."""

from pathlib import Path

import pytest

from outside import free_port, serving

pytestmark = pytest.mark.enable_socket


def test_a_new_home_gets_its_database_its_files_and_a_link(tmp_path: Path) -> None:
    """As a user's first `reperform serve`; the page and what it loads are served."""
    with serving("serve", home=tmp_path, port=free_port(), is_new=True) as browser:
        page = browser.get(browser.link())
        assert "Our organization" in page
        assert browser.status("/accounts/login/") == 200

    made = {path.name for path in (tmp_path / "reperform").iterdir()}
    assert {"reperform.sqlite", "server.secret", "static"} <= made
