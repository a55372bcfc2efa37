"""What several tests of outputs use."""

from collections.abc import Iterator

import pytest

from outputs.browser import SETTLE, Browser, program


@pytest.fixture(scope="session")
def browser(tmp_path_factory) -> Iterator[Browser]:
    """One Chromium for all tests that open pages."""
    if program() is None:
        pytest.skip("no Chromium here: pages are not tried in a browser")
    browser = Browser(program(), tmp_path_factory.mktemp("profile"))
    yield browser
    browser.close()


@pytest.fixture
def opened(browser, page):
    """The test's own `page`, a map, open at 1400 px; at the end nothing was complained about, and nothing asked for."""
    browser.open(page, 1400, 900)
    browser.run(SETTLE)
    yield browser
    assert browser.complaints() == []
    assert [url for url in browser.asked_for() if not url.startswith(("data:", page.as_uri()))] == []
