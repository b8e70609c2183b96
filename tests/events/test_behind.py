"""A page behind the front knows who asked, and believes nobody else."""

from __future__ import annotations

import io
import os
import stat
import sys
from pathlib import Path

import pytest

from firstline.events import parts
from firstline.events.behind import behind_front


def told(key: str, **environ: str) -> dict[str, str]:
    seen: dict[str, str] = {}

    def application(given, start_response):
        seen.update(given)
        return [b""]

    behind_front(application, key)({"REMOTE_ADDR": "10.1.1.1", "HTTP_X_FORWARDED_FOR": "6.6.6.6", **environ}, None)
    return seen


def test_the_front_says_who_asked():
    seen = told("secret", HTTP_X_FIRSTLINE_FRONT="secret")
    assert seen["REMOTE_ADDR"] == "6.6.6.6"
    assert "HTTP_X_FIRSTLINE_FRONT" not in seen


@pytest.mark.parametrize(
    ("key", "said"), [("secret", "wrong"), ("secret", ""), ("", ""), ("", "x"), ("secret", "ключ")]
)
def test_nobody_else_does(key, said):
    assert told(key, HTTP_X_FIRSTLINE_FRONT=said)["REMOTE_ADDR"] == "10.1.1.1"


def test_a_body_that_the_page_did_not_care_for_is_read_to_its_end():
    body = io.BytesIO(b"x" * 200_000)
    refusing = behind_front(lambda environ, start: [b"401"], "secret")
    assert refusing({"wsgi.input": body}, None) == [b"401"]
    assert body.read() == b""


def test_the_parts_meet_at_sockets_of_the_private_folder(tmp_path: Path):
    found = {part.name: part for part in parts.of_node(host="127.0.0.1", port=8000, workers=2, folder=tmp_path)}
    assert list(found) == ["web-0", "web-1", "events", "front"]
    front = " ".join(found["front"].command)
    for name in ("web-0", "web-1", "events"):
        assert f"unix:{tmp_path / name}" in front
        assert str(tmp_path / name) in found[name].command
        assert found[name].run.args[1] == str(tmp_path / name)


def test_a_socket_that_a_killed_process_left_is_not_in_the_way(tmp_path: Path, monkeypatch):
    left = tmp_path / "web-0"
    os.mknod(left, stat.S_IFSOCK | 0o600)
    started = []
    monkeypatch.setattr(sys, "argv", [])
    monkeypatch.setattr(parts, "entrypoint", lambda: started.extend(sys.argv))
    assert parts.run("wsgi", str(left)) == 0
    assert not left.exists()
    assert started[-1] == "firstline.wsgi:application"
    assert str(left) in started
