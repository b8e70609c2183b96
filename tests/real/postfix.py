"""A real mail server (Debian's Postfix) on a high port, from a private folder, that hands letters to a pipe.

Postfix runs pipes as a user without rights, who may not read the Python of the tests: between the two stands a few
lines of Perl (Debian's essential one), which carries the letter over a socket to the test and its answer back. So the
command is the real one, the exit code is its own, and a killed one is seen by Postfix as killed.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import smtplib
import socketserver
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path

from tests.real.programs import RealPartMissing, answers, find_program, free_port, start, stop, wait_until

Pipe = Callable[[bytes], int]  # the letter → the exit code, negative where it was killed

MAIN = """compatibility_level = 3.6
queue_directory = {run}/spool
data_directory = {run}/data
mail_owner = postfix
setgid_group = postdrop
daemon_directory = {daemons}
command_directory = /usr/sbin
myhostname = mx.firm.example
mydestination =
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
mynetworks = 127.0.0.0/8
alias_maps =
alias_database =
relay_domains = firm.example
relay_recipient_maps =
transport_maps = static:desk
desk_destination_concurrency_limit = 2
desk_destination_recipient_limit = 1
desk_destination_concurrency_failed_cohort_limit = 100
queue_run_delay = 1s
minimal_backoff_time = 1s
maximal_backoff_time = 2s
notify_classes =
smtpd_peername_lookup = no
maillog_file = {run}/data/mail.log
maillog_file_prefixes = {run}
"""
MASTER = """127.0.0.1:{port} inet n - n - - smtpd
pickup    unix  n - n 60 1 pickup
cleanup   unix  n - n - 0 cleanup
qmgr      unix  n - n 300 1 qmgr
rewrite   unix  - - n - - trivial-rewrite
bounce    unix  - - n - 0 bounce
defer     unix  - - n - 0 bounce
trace     unix  - - n - 0 bounce
flush     unix  n - n 1000? 0 flush
proxymap  unix  - - n - - proxymap
showq     unix  n - n - - showq
error     unix  - - n - - error
retry     unix  - - n - - error
anvil     unix  - - n - 1 anvil
postlog   unix-dgram n - n - 1 postlogd
desk      unix  - n n - - pipe
  flags=DRhu user={user} argv={run}/hand {run}/hand.socket
"""
HAND = """#!/usr/bin/perl
use strict; use warnings; use IO::Socket::UNIX;
my $to = IO::Socket::UNIX->new(Peer => $ARGV[0]) or exit 75;
binmode STDIN; local $/; my $letter = <STDIN>;
print $to $letter; $to->flush; shutdown($to, 1);
my $code = <$to>;
defined $code && $code =~ /^-?\\d+$/ or exit 75;
kill(-$code, $$) if $code < 0;
exit $code;
"""


class _Hand(socketserver.StreamRequestHandler):
    server: _Socket

    def handle(self) -> None:
        letter = self.rfile.read()
        self.wfile.write(str(self.server.pipe(letter)).encode())


class _Socket(socketserver.ThreadingUnixStreamServer):
    daemon_threads = True
    pipe: Pipe


class Postfix:
    """The running server. `pipe` may be changed while it runs."""

    def __init__(self, folder: Path, port: int, process: subprocess.Popen[bytes], hand: _Socket) -> None:
        self.folder, self.port, self.process, self._hand = folder, port, process, hand

    @property
    def pipe(self) -> Pipe:
        return self._hand.pipe

    @pipe.setter
    def pipe(self, pipe: Pipe) -> None:
        self._hand.pipe = pipe

    @property
    def url(self) -> str:
        """The address as EMAIL_URL takes it."""
        return f"smtp://127.0.0.1:{self.port}"

    def take(self, letter: bytes, *, sender: str = "ivan@north.example", to: str = "desk@firm.example") -> None:
        """What another mail server does: it hands a letter over, and Postfix says 250."""
        with smtplib.SMTP("127.0.0.1", self.port, timeout=20) as client:
            client.sendmail(sender, [to], letter)

    def queue(self) -> list[dict[str, object]]:
        """What Postfix still has."""
        done = self._command("postqueue", "-j")
        return [json.loads(line) for line in done.stdout.splitlines() if line.strip()]

    def wait_until_empty(self, *, seconds: float = 60) -> None:
        """Asks Postfix to try again until nothing is left. Raises AssertionError when time is up."""
        end = time.monotonic() + seconds
        while left := self.queue():
            assert time.monotonic() < end, (
                f"{len(left)} letters are still in the queue: {left[:2]}\n{self.log()[-2000:]}"
            )
            self._command("postqueue", "-f")
            time.sleep(0.5)

    def log(self) -> str:
        return (self.folder / "data" / "mail.log").read_text(errors="replace")

    def stop(self) -> None:
        """End the server and remove its folder."""
        self._command("postfix", "stop")
        stop(self.process, seconds=10)
        self._hand.shutdown()
        self._hand.server_close()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _command(self, name: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        program = find_program(name, package="postfix")
        command = [str(program), "-c", str(self.folder / "etc"), *arguments]
        return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)


def start_postfix(pipe: Pipe) -> Postfix:
    """Return a server that answers. Raises RealPartMissing with the line that installs it."""
    program = find_program("postfix", package="postfix")
    if os.geteuid() != 0:
        raise RealPartMissing("Postfix starts only as root: run the tests as root, or `sudo -E script/test`")
    folder = Path(tempfile.mkdtemp(prefix="firstline-postfix-"))
    folder.chmod(0o755)
    for name in ("etc", "spool", "data"):
        (folder / name).mkdir()
    shutil.chown(folder / "data", "postfix")
    port = free_port()
    daemons = next(one for one in ("/usr/lib/postfix/sbin", "/usr/libexec/postfix") if Path(one).is_dir())
    (folder / "etc" / "main.cf").write_text(MAIN.format(run=folder, daemons=daemons))
    (folder / "etc" / "master.cf").write_text(MASTER.format(run=folder, port=port, user="nobody"))
    (folder / "hand").write_text(HAND)
    (folder / "hand").chmod(0o755)
    hand = _Socket(str(folder / "hand.socket"), _Hand)
    hand.pipe = pipe
    (folder / "hand.socket").chmod(0o777)
    threading.Thread(target=hand.serve_forever, kwargs={"poll_interval": 0.1}, daemon=True).start()
    process = start([program, "-c", folder / "etc", "start-fg"], log=folder / "stdout")
    server = Postfix(folder, port, process, hand)
    try:
        wait_until(lambda: answers(port), seconds=30, what="Postfix", process=process, log=folder / "stdout")
    except RuntimeError:
        stop(process, by=signal.SIGKILL)
        raise
    return server
