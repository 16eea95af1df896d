"""The files that travel with the code."""

import pytest

from portal.site.bundled import bundled


@pytest.mark.parametrize("name", ["templates", "events"])
def test_bundled_finds_what_travels_with_the_code(name: str) -> None:
    assert bundled(name).is_dir()
