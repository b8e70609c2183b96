"""What is a time zone's name."""

import pytest

from firstline.lib.zones import is_zone


@pytest.mark.parametrize("name", ["Europe/Sofia", "UTC", "Asia/Kamchatka"])
def test_a_zone_is_one(name: str) -> None:
    assert is_zone(name)


@pytest.mark.parametrize("name", ["", "Europe", "../etc/passwd", "Europe/Nowhere", "x" * 5000, "a\x00b"])
def test_a_folder_a_path_and_nonsense_are_none(name: str) -> None:
    assert not is_zone(name)
