"""An IMAP server that misbehaves as the test wrote down: for what no real server does on request.

`server.deliver(letter)` puts a letter into INBOX and returns its UID; `server.mischief[uid].append("bye")` says how its
next FETCH ends. Without a script it serves well. What can go wrong with a letter's bytes (once each, in order):

bye       half of the letter, then `* BYE` and the connection is closed      cut   the same without a word
empty     an empty string      nil   NIL      nothing   only OK      no   the command is refused
short     the literal's length is seven less than its bytes                   long  forty more, and silence
half      half of the letter, as if it were all of it                         other the bytes of another letter
slow      a byte now and then, for ever                                       gone  another client takes it away

`server.more_than_there_is`: EXISTS and the answer to IDLE tell of letters that are not there.
"""

from __future__ import annotations

import re
import socketserver
import threading
from collections import defaultdict, deque
from typing import ClassVar

WITH_MOVE = "IMAP4rev1 UIDPLUS MOVE IDLE"


class _Store:
    """The mailbox: what is in INBOX, what was moved to Processed."""

    def __init__(self) -> None:
        self.lock = threading.RLock()
        self.inbox: dict[int, bytes] = {}
        self.processed: list[bytes] = []
        self.taken_by_others: list[bytes] = []
        self.folders = {"INBOX"}
        self.validity, self.next_uid = 1, 1
        self.mischief: dict[int, deque[str]] = defaultdict(deque)
        self.more_than_there_is = False
        self.capabilities = WITH_MOVE
        self.connections = 0
        self.commands: list[str] = []
        self.ending = threading.Event()


class _Conversation(socketserver.StreamRequestHandler):
    """One connection: enough of RFC 3501 and 6851 for imapclient."""

    server: _Server
    tag = ""
    examines = False

    def handle(self) -> None:
        self.store = self.server.store
        self.store.connections += 1
        try:
            self.say("* OK ready")
            while line := self.rfile.readline(65536):
                self.tag, _, rest = line.decode("utf-8", "replace").strip().partition(" ")
                self.store.commands.append(rest)
                if not self.obey(rest):
                    return
        except OSError:
            return  # the client went away

    def say(self, line: str) -> None:
        self.wfile.write(f"{line}\r\n".encode())

    def done(self, words: str = "OK done") -> bool:
        self.say(f"{self.tag} {words}")
        return True

    def obey(self, rest: str) -> bool:
        """Answers one command. Returns whether the conversation goes on."""
        verb, _, given = rest.partition(" ")
        if verb.upper() == "UID":
            verb, _, given = given.partition(" ")
            verb = f"uid {verb}"
        known = self.ANSWERS.get(verb.lower())
        return known(self, given) if known else self.done()

    def capability(self, given: str) -> bool:
        self.say(f"* CAPABILITY {self.store.capabilities}")
        return self.done()

    def logout(self, given: str) -> bool:
        self.say("* BYE see you")
        self.done()
        return False

    def listed(self, given: str) -> bool:
        wanted = given.rpartition(" ")[2].strip('"')
        for name in sorted(self.store.folders):
            if wanted in {"*", "%", name}:
                self.say(f'* LIST (\\HasNoChildren) "/" "{name}"')
        return self.done()

    def create(self, given: str) -> bool:
        self.store.folders.add(given.strip().strip('"'))
        return self.done()

    def examine(self, given: str) -> bool:
        """Another folder, to be looked at: it seems empty."""
        self.examines = True
        self.say("* OK [UIDVALIDITY 999] so it is")
        return self.done("OK [READ-ONLY] selected")

    def select(self, given: str) -> bool:
        self.examines = False
        count = len(self.store.inbox) + (1000 if self.store.more_than_there_is else 0)
        for line in (f"{count} EXISTS", "0 RECENT", f"OK [UIDVALIDITY {self.store.validity}] so it is"):
            self.say(f"* {line}")
        return self.done("OK [READ-WRITE] selected")

    def idle(self, given: str) -> bool:
        self.say("+ waiting")
        if self.store.more_than_there_is:
            self.say("* 9999 EXISTS")
        self.rfile.readline()
        return self.done()

    def search(self, given: str) -> bool:
        with self.store.lock:
            inbox = {} if self.examines else self.store.inbox
            found = [uid for uid in sorted(inbox) if _is_asked(uid, given, inbox)]
        self.say(f"* SEARCH {' '.join(map(str, found))}".rstrip())
        return self.done()

    def fetch(self, given: str) -> bool:
        numbers, _, what = given.partition(" ")
        with self.store.lock:
            uids = [uid for uid in sorted(self.store.inbox) if _is_asked(uid, f"UID {numbers}", self.store.inbox)]
        for uid in uids:
            letter = self.store.inbox.get(uid, b"")
            if "RFC822.SIZE" in what:
                self.say(f"* {uid} FETCH (UID {uid} RFC822.SIZE {len(letter)})")
            elif "HEADER" in what:
                self.literal(uid, letter.partition(b"\r\n\r\n")[0] + b"\r\n\r\n", name="BODY[HEADER]")
            elif not self.body(uid, letter):
                return False
            if self.tag == "":
                return True  # refused already
        return self.done()

    def body(self, uid: int, letter: bytes) -> bool:
        """One letter, well or as the script wants it. Returns whether the conversation goes on."""
        acts = self.store.mischief[uid]
        act = acts.popleft() if acts else "well"
        half = letter[: len(letter) // 2]
        if act in {"bye", "cut"}:
            self.wfile.write(f"* {uid} FETCH (UID {uid} BODY[] {{{len(letter)}}}\r\n".encode() + half)
            if act == "bye":
                self.say("\r\n* BYE out of order")
            return False
        if act == "slow":
            return self.drip(uid, letter)
        if act == "gone":
            with self.store.lock:
                self.store.taken_by_others.append(self.store.inbox.pop(uid))
            self.say(f"* {uid} EXPUNGE")
        elif act == "no":
            self.done("NO not now")
            self.tag = ""
        elif act in {"empty", "nil"}:
            self.say(f"* {uid} FETCH (UID {uid} BODY[] {'NIL' if act == 'nil' else chr(34) * 2})")
        elif act != "nothing":
            sizes = {"short": len(letter) - 7, "long": len(letter) + 40}
            bytes_ = {"half": half, "other": next((one for n, one in self.store.inbox.items() if n != uid), half)}
            self.literal(uid, bytes_.get(act, letter), size=sizes.get(act))
            if act == "long":
                self.store.ending.wait(5)
                return False
        return True

    def literal(self, uid: int, content: bytes, *, size: int | None = None, name: str = "BODY[]") -> None:
        told = len(content) if size is None else size
        self.wfile.write(f"* {uid} FETCH (UID {uid} {name} {{{told}}}\r\n".encode() + content + b")\r\n")

    def drip(self, uid: int, letter: bytes) -> bool:
        self.wfile.write(f"* {uid} FETCH (UID {uid} BODY[] {{{len(letter)}}}\r\n".encode())
        for number in range(len(letter)):
            self.wfile.write(letter[number : number + 1])
            if self.store.ending.wait(0.1):
                return False
        return True

    def move(self, given: str) -> bool:
        uid = int(given.partition(" ")[0])
        with self.store.lock:
            if uid in self.store.inbox:
                self.store.processed.append(self.store.inbox.pop(uid))
        self.say(f"* {uid} EXPUNGE")
        return self.done()

    ANSWERS: ClassVar = {
        "capability": capability, "logout": logout, "list": listed, "create": create, "select": select,
        "examine": examine, "idle": idle,
        "uid search": search, "uid fetch": fetch, "uid move": move,
    }  # fmt: skip


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True
    store: _Store


def _is_asked(uid: int, given: str, inbox: dict[int, bytes]) -> bool:
    """`ALL`, `UID 7`, `UID 3,4,9`, `UID 3:*`."""
    wanted = re.search(r"UID ([\d:*,]+)", given)
    if wanted is None:
        return True
    for part in wanted[1].split(","):
        low, _, high = part.partition(":")
        top = max(inbox, default=0) if high == "*" else int(high or low)
        if min(int(low), top) <= uid <= max(int(low), top):
            return True
    return False


class MisbehavingImap:
    """The running server. Use it as the fixture `bad_imap`."""

    def __init__(self) -> None:
        self.store = _Store()
        self.mischief = self.store.mischief
        self._server = _Server(("127.0.0.1", 0), _Conversation)
        self._server.store = self.store
        self.port = int(self._server.server_address[1])
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.1}, daemon=True).start()

    @property
    def url(self) -> str:
        """The address as `[[mailbox]] imap` takes it."""
        return f"imap://desk:secret@127.0.0.1:{self.port}/"

    def deliver(self, letter: bytes, *acts: str) -> int:
        """Puts a letter into INBOX; `acts` say how its first FETCHes end. Returns its UID."""
        with self.store.lock:
            uid = self.store.next_uid
            self.store.next_uid += 1
            self.store.inbox[uid] = letter.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
            self.store.mischief[uid].extend(acts)
        return uid

    def begin_numbers_again(self, *, honestly: bool) -> None:
        """UIDs start from 1 once more; only an honest server changes UIDVALIDITY with it."""
        with self.store.lock:
            self.store.next_uid = 1
            self.store.inbox = {}
            if honestly:
                self.store.validity += 1

    def stop(self) -> None:
        """Closes the port, and every wait."""
        self.store.ending.set()
        self._server.shutdown()
        self._server.server_close()
