"""A ticket's number has four digits from the first one on, whatever migration made its table anew."""

from __future__ import annotations

import pytest

from tests import cast

pytestmark = pytest.mark.django_db


def test_the_first_number_has_four_digits() -> None:
    assert cast.ticket(cast.stage()).pk > 1000
