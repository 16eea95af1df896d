"""What is free on the disk of the data."""

import shutil
from pathlib import Path

import pytest

from portal.storage.disk import free_mib


def test_free_space_is_that_of_the_disk_of_the_folder(tmp_path: Path) -> None:
    assert abs(free_mib(tmp_path) - shutil.disk_usage(tmp_path).free / 2**20) < 256


def test_free_space_of_a_folder_that_is_gone_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="gone"):
        free_mib(tmp_path / "gone")
