"""A scripted SMTP server on a high port: it keeps what it was given and answers as the test wrote down.

`sink.answers.extend(["421", "accept"])`: the first transaction is refused for now, the second taken. Without a script
everything is accepted. Answers: accept · 421 · 450 · 452 · 550 · 552 … (at the recipient) · data:450 … (after the final
dot) · silent (takes the letter, never answers) · close (hangs up after the final dot, letter kept) · hangup (at MAIL).
`sink.script.knows = token_server.knows`: it lets in with a token only.
"""

from __future__ import annotations

import re
import socketserver
import threading
from base64 import b64decode, b64encode
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage

SILENCE_SECONDS = 60.0
WORDS = {"4": "try again later", "5": "not wanted here", "2": "fine"}


@dataclass
class Received:
    """One letter as it came in. `accepted` tells whether the sender was told so."""

    sender: str
    recipients: list[str]
    raw: bytes
    accepted: bool

    @property
    def message(self) -> EmailMessage:
        """The parsed letter."""
        return message_from_bytes(self.raw, policy=policy.default)


@dataclass
class Script:
    """What the server shares with its connections."""

    answers: deque[str] = field(default_factory=deque)
    received: list[Received] = field(default_factory=list)
    transactions: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)
    ending: threading.Event = field(default_factory=threading.Event)
    changed: threading.Condition = field(default_factory=threading.Condition)
    knows: Callable[[str, str], bool] | None = None

    def next_answer(self) -> str:
        """Return the answer for a new transaction."""
        with self.lock:
            self.transactions += 1
            return self.answers.popleft() if self.answers else "accept"

    def keep(self, letter: Received) -> None:
        """Store a letter and wake who waits for one."""
        with self.changed:
            self.received.append(letter)
            self.changed.notify_all()


class Conversation(socketserver.StreamRequestHandler):
    """One connection: enough of RFC 5321 for smtplib and so for Django."""

    server: _Server
    timeout = SILENCE_SECONDS
    is_in = False

    def handle(self) -> None:
        try:
            self.say("220 sink.example ready")
            while line := self.rfile.readline(65536):
                if not self.obey(line.decode("utf-8", "surrogateescape").strip()):
                    return
        except (ConnectionError, TimeoutError):
            return  # the client went away, as clients in fault tests do

    def say(self, *lines: str) -> None:
        self.wfile.write("".join(f"{line}\r\n" for line in lines).encode())

    def obey(self, line: str) -> bool:
        """Answer one command. Returns whether the conversation goes on."""
        verb, _, rest = line.partition(" ")
        verb = verb.upper()
        if self.server.script.knows is not None and verb in {"EHLO", "AUTH", "MAIL"} and not self.by_token(verb, rest):
            return True
        if verb == "EHLO":
            self.say("250-sink.example", "250-8BITMIME", "250-SMTPUTF8", "250-PIPELINING", "250 SIZE 52428800")
        elif verb in {"HELO", "NOOP", "RSET"}:
            self.say("250 fine")
        elif verb == "MAIL":
            return self.begin(rest)
        elif verb == "RCPT":
            self.recipient(rest)
        elif verb == "DATA":
            return self.data()
        elif verb == "QUIT":
            self.say("221 bye")
            return False
        else:
            self.say("502 not known here")
        return True

    def by_token(self, verb: str, rest: str) -> bool:
        """A server that lets in with a token only (XOAUTH2). Returns whether the command is still to be obeyed."""
        if verb == "EHLO":
            self.say("250-sink.example", "250-8BITMIME", "250 AUTH XOAUTH2")
        elif verb == "AUTH":
            self.is_in = self.let_in(rest)
        elif not self.is_in:
            self.say("530 5.7.0 sign in first")
        else:
            return True
        return False

    def let_in(self, rest: str) -> bool:
        mechanism, _, given = rest.partition(" ")
        found = re.fullmatch(r"user=([^\x01]+)\x01auth=Bearer ([^\x01]+)\x01\x01", b64decode(given).decode())
        knows = self.server.script.knows
        if mechanism == "XOAUTH2" and found and knows is not None and knows(found[1], found[2]):
            self.say("235 2.7.0 welcome")
            return True
        self.say("334 " + b64encode(b'{"status":"401","schemes":"bearer"}').decode())
        assert self.rfile.readline(65536) == b"\r\n", "the refusal wants an empty answer"
        self.say("535 5.7.8 the token is not known here")
        return False

    def begin(self, rest: str) -> bool:
        self.answer = self.server.script.next_answer()
        self.sender, self.recipients = _address(rest), list[str]()
        if self.answer == "hangup":
            return False
        if self.answer == "421":
            self.say("421 try again later")
            return False
        self.say("250 fine")
        return True

    def recipient(self, rest: str) -> None:
        if self.answer.isdigit():
            self.say(f"{self.answer} {WORDS[self.answer[0]]}")
            return
        self.recipients.append(_address(rest))
        self.say("250 fine")

    def data(self) -> bool:
        if not self.recipients:
            self.say("503 nobody to take it to")
            return True
        self.say("354 go on")
        lines = []
        while (line := self.rfile.readline()) not in {b".\r\n", b""}:
            lines.append(line.removeprefix(b".") if line.startswith(b"..") else line)
        return self.take(b"".join(lines))

    def take(self, raw: bytes) -> bool:
        code = self.answer.removeprefix("data:") if self.answer.startswith("data:") else "250"
        told = self.answer == "accept"
        self.server.script.keep(Received(self.sender, self.recipients, raw, told))
        if self.answer == "close":
            return False
        if self.answer == "silent":
            self.server.script.ending.wait(SILENCE_SECONDS)
            return False
        self.say(f"{code} {WORDS[code[0]]}")
        return True


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True
    script: Script


def _address(rest: str) -> str:
    return rest.partition("<")[2].partition(">")[0]


class SmtpSink:
    """The running server. Use it as the fixture `smtp_sink`, or start and stop it by hand."""

    def __init__(self) -> None:
        self.script = Script()
        self._server = _Server(("127.0.0.1", 0), Conversation)
        self._server.script = self.script
        self.host, self.port = "127.0.0.1", int(self._server.server_address[1])
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.2}, daemon=True).start()

    @property
    def url(self) -> str:
        """The address as EMAIL_URL and `[[mailbox]] smtp` take it."""
        return f"smtp://{self.host}:{self.port}"

    @property
    def answers(self) -> deque[str]:
        """The script: one answer for each transaction to come."""
        return self.script.answers

    @property
    def received(self) -> list[Received]:
        """Every letter whose final dot arrived, whatever was answered."""
        return self.script.received

    @property
    def letters(self) -> list[EmailMessage]:
        """The letters that were accepted, parsed."""
        return [letter.message for letter in self.received if letter.accepted]

    def wait_for(self, count: int, *, seconds: float = 20) -> list[EmailMessage]:
        """Return the accepted letters as soon as there are `count`. Raises AssertionError when time is up."""
        with self.script.changed:
            came = self.script.changed.wait_for(lambda: len(self.letters) >= count, timeout=seconds)
        assert came, f"{len(self.letters)} letters after {seconds:g} s, {count} wanted"
        return self.letters

    def clear(self) -> None:
        """Forget the letters and the script."""
        self.answers.clear()
        self.received.clear()

    def stop(self) -> None:
        """Close the port, and every silence."""
        self.script.ending.set()
        self._server.shutdown()
        self._server.server_close()
