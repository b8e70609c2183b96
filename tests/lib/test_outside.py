"""Addresses that strangers name: https, of the open internet, and where the name leads is looked at, too."""

from __future__ import annotations

import socket
from typing import Any

import pytest

from firstline.lib import outside


@pytest.mark.parametrize(
    "url",
    [
        "http://push.example.com/x", "https://127.0.0.1/x", "https://10.0.0.8/x", "https://[::1]/x", "https://localhost/x",
        "https://169.254.169.254/latest", "https://192.168.1.1:8443/", "https://[::ffff:10.0.0.1]/x", "https://[fd00::1]/",
        "https://user:word@push.example.com/", "https://intranet/x", "https://db.internal/", "ftp://push.example.com/",
        "https://push.example.com/a b", "https://push.example.com:99999/", "https://0.0.0.0/", "https://224.0.0.1/", "",
        "https://push.example.com/" + "x" * 1_000,
    ],
)  # fmt: skip
def test_what_is_not_outside_is_refused(url: str) -> None:
    with pytest.raises(outside.NotOutside):
        outside.read(url)


def test_a_push_service_is_read_as_it_stands() -> None:
    place = outside.read("https://push.example.com:8443/wpush/v2/abc?x=1")
    assert (place.origin, place.path) == ("https://push.example.com:8443", "/wpush/v2/abc?x=1")
    assert outside.read("https://fcm.example.com/send").origin == "https://fcm.example.com"
    assert outside.read("https://[2606:4700::1111]/send").origin == "https://[2606:4700::1111]"


@pytest.mark.parametrize(
    "address", ["10.1.2.3", "127.0.0.1", "169.254.169.254", "::1", "fe80::1", "::ffff:192.168.0.1"]
)
def test_a_name_that_leads_into_our_network_is_not_called(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def found(*asked: Any, **more: Any) -> list[Any]:
        return [(0, 0, 0, "", ("93.184.216.34", 443)), (0, 0, 0, "", (address, 443))]

    monkeypatch.setattr(socket, "getaddrinfo", found)
    with pytest.raises(outside.NotOutside):
        outside.address_of(outside.read("https://push.example.com/x"))
