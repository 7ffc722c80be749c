"""A real Chromium, and the product as it is served.  Skipped only where there is no Chromium."""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, sync_playwright

from browser.serving import Site, fill
from installed import install
from once import made_once

_CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
_HERE = Path(__file__).parent
DESKTOP, PHONE = (1280, 900), (390, 844)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the folder: what drives a browser opens sockets of this machine."""
    for item in items:
        if _HERE in item.path.parents:
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.enable_socket)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """The browser.  Under CI=true its absence fails: a check that did not run is no pass."""
    program = next(filter(None, map(shutil.which, _CHROMIUM)), None)
    if program is None:
        if os.environ.get("CI") == "true":
            pytest.fail("there is no Chromium, and CI must not skip the pages")
        pytest.skip("there is no Chromium: apt-get install chromium")
    with sync_playwright() as playwright:
        flags = ["--no-sandbox", "--force-color-profile=srgb", "--font-render-hinting=none"]
        browser = playwright.chromium.launch(executable_path=program, args=flags)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def kept() -> Site:
    """An installation in the middle of its program, that nobody serves: others are copies of it."""
    return Site(made_once("filled", fill))


@pytest.fixture(scope="session")
def filled(kept: Site, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """An installation in the middle of its program.  Tests of it read, and change nothing."""
    with kept.copied(tmp_path_factory.mktemp("filled")) as site:
        yield site


@pytest.fixture(scope="session")
def lived(kept: Site, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """One in which the stories of registers take place, each in a register of its own."""
    with kept.copied(tmp_path_factory.mktemp("lived")) as site:
        yield site


@pytest.fixture
def own_site(kept: Site, tmp_path: Path) -> Iterator[Site]:
    """An installation in the middle of its program, for a test that changes it."""
    with kept.copied(tmp_path) as site:
        yield site


@pytest.fixture
def new_site(tmp_path: Path) -> Iterator[Site]:
    """An installation that was started for the first time."""
    install(tmp_path)
    with Site(tmp_path) as site:
        yield site


@pytest.fixture
def window(chromium: Browser) -> Iterator[Callable[..., BrowserContext]]:
    """Opens a browser window, signed in as a role of the filled site when one is named."""
    opened: list[BrowserContext] = []

    def make(
        site: Site,
        *,
        role: str = "",
        size: tuple[int, int] = DESKTOP,
        scheme: str = "light",
        scripts: bool = True,
    ) -> BrowserContext:
        context = chromium.new_context(
            base_url=site.url,
            viewport={"width": size[0], "height": size[1]},
            color_scheme="dark" if scheme == "dark" else "light",
            reduced_motion="reduce",
            java_script_enabled=scripts,
            is_mobile=size[0] < 600,
            has_touch=size[0] < 600,
        )
        context.set_default_timeout(60_000)
        if role:
            key = site.filled["sessions"][role]
            context.add_cookies([{"name": "sessionid", "value": key, "url": site.url}])
        opened.append(context)
        return context

    yield make
    for context in opened:
        context.close()
