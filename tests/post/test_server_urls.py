"""The address of a mail server taken apart and put together; what people see of it has no password."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firstline.post import server_urls
from firstline.post.server_urls import IMAP_SCHEMES, SMTP_SCHEMES, NoServer, ServerUrl

WORDS = st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]), min_size=1, max_size=20)


@given(WORDS, WORDS, WORDS.filter(lambda folder: not folder.startswith("/")))
def test_whatever_stands_in_user_password_and_folder_comes_back(user: str, password: str, folder: str) -> None:
    made = ServerUrl("imaps", "mail.example", 1993, user, password, folder, "ca=/etc/ca.pem")
    assert server_urls.read(made.url(), IMAP_SCHEMES) == made


def test_what_people_see_has_no_password() -> None:
    server = server_urls.read("starttls://desk%40firm.example:pa55word@mail.example:587", SMTP_SCHEMES)
    assert server.shown() == "starttls://desk@firm.example@mail.example:587"
    assert "pa55word" not in repr(server)


def test_an_address_of_ipv6_stays_one() -> None:
    server = server_urls.read("imap://desk:x@[::1]:1143/", IMAP_SCHEMES)
    assert (server.host, server_urls.read(server.url(), IMAP_SCHEMES)) == ("::1", server)


@pytest.mark.parametrize(
    "url", ["pop3://u:pa55word@mail.example", "imap://u:pa55word@", "imap://u:pa55word@mail.example:no", "imap://[::1"]
)
def test_what_is_no_server_is_refused_without_being_quoted(url: str) -> None:
    with pytest.raises(NoServer) as refused:
        server_urls.read(url, IMAP_SCHEMES)
    assert "pa55word" not in str(refused.value)


def test_a_password_belongs_to_one_place() -> None:
    here = ServerUrl("imaps", "mail.example", None, "desk", "pa55word")
    assert here.same_place(ServerUrl("imaps", "mail.example", 993, "desk"))
    for other in (
        ServerUrl("imaps", "other.example", None, "desk"),
        ServerUrl("imap", "mail.example", 993, "desk"),
        ServerUrl("imaps", "mail.example", None, "chief"),
        ServerUrl("imaps", "mail.example", 994, "desk"),
    ):
        assert not here.same_place(other)
