"""What several tests of outputs use."""

from collections.abc import Iterator

import pytest

from outputs.browser import Browser, program


@pytest.fixture(scope="session")
def browser(tmp_path_factory) -> Iterator[Browser]:
    """One Chromium for all tests that open pages."""
    if program() is None:
        pytest.skip("no Chromium here: pages are not tried in a browser")
    browser = Browser(program(), tmp_path_factory.mktemp("profile"))
    yield browser
    browser.close()
