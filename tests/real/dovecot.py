"""A real IMAP server (Dovecot) on a high port, from a private folder. Every login has the password `secret`."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from imapclient import IMAPClient

from tests.real.programs import answers, find_program, free_port, ordinary_user, start, stop, wait_until

PASSWORD = "secret"
COMMON = """
base_dir = {run}/run
state_dir = {run}/run
log_path = {run}/dovecot.log
listen = 127.0.0.1
ssl = no
default_internal_user = {internal}
default_internal_group = {internal_group}
default_login_user = {login}
mail_max_userip_connections = 100
first_valid_uid = 1
first_valid_gid = 1
service imap-login {{
  {chroot}
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = 0
  }}
}}
service anvil {{
  {chroot}
}}
namespace inbox {{
  inbox = yes
  separator = /
}}
"""
# Debian 12, Ubuntu 22.04 and 24.04.
VERSION_2_3 = """
protocols = imap
disable_plaintext_auth = no
mail_location = maildir:{run}/home/%n/Maildir
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid={mail} gid={mail_group} home={run}/home/%n
}}
"""
# Debian 13: another language of settings, which begins with its version.
VERSION_2_4 = """dovecot_config_version = 2.4.0
dovecot_storage_version = 2.4.0
protocols {{
  imap = yes
}}
auth_allow_cleartext = yes
mail_driver = maildir
mail_path = ~/Maildir
passdb static {{
  password = {password}
}}
userdb static {{
  fields {{
    uid = {mail}
    gid = {mail_group}
    home = {run}/home/%{{user}}
  }}
}}
"""


@dataclass
class Mailbox:
    """One login of the server, empty when made."""

    host: str
    port: int
    login: str
    home: Path
    password: str = PASSWORD

    @property
    def url(self) -> str:
        """The address as `[[mailbox]] imap` of the apply file takes it."""
        return f"imap://{self.login}:{self.password}@{self.host}:{self.port}/"

    @contextmanager
    def session(self) -> Iterator[IMAPClient]:
        """A signed-in IMAP session."""
        with IMAPClient(self.host, self.port, ssl=False, timeout=20) as client:
            client.login(self.login, self.password)
            yield client

    def append(self, message: bytes, folder: str = "INBOX") -> None:
        """Put a letter into the folder, unread, as a mail server would deliver it."""
        with self.session() as client:
            client.append(folder, message)

    def put_while_the_server_is_away(self, letters: list[bytes]) -> None:
        """Into the folder's files, in this order, as a mail server does that needs no IMAP. The mailbox was used."""
        place = self.home / "Maildir" / "new"
        owner = place.stat()
        for number, letter in enumerate(letters):
            file = place / f"{1_700_000_000 + number}.M{number}P1.test"
            file.write_bytes(letter)
            os.chown(file, owner.st_uid, owner.st_gid)

    def folders(self) -> list[str]:
        """Return the names of all folders, sorted."""
        with self.session() as client:
            return sorted(str(name) for _, _, name in client.list_folders())

    def messages(self, folder: str = "INBOX") -> list[bytes]:
        """Return the raw letters of the folder in the order of their UIDs. A folder that is not there holds none."""
        with self.session() as client:
            if not client.folder_exists(folder):
                return []
            client.select_folder(folder, readonly=True)
            found = client.fetch(client.search("ALL"), ["BODY.PEEK[]"])
            return [found[uid][b"BODY[]"] for uid in sorted(found)]

    def renumber(self, folder: str = "INBOX") -> None:
        """Give the folder a new UIDVALIDITY with the same letters, as a restored or moved mailbox has."""
        letters = self.messages(folder)
        with self.session() as client:
            if folder == "INBOX":
                client.select_folder(folder)
                client.delete_messages(client.search("ALL"))
                client.expunge()
                client.unselect_folder()
        self.forget_numbers(folder)
        for letter in letters:
            self.append(letter, folder)

    def forget_numbers(self, folder: str) -> None:
        """Remove Dovecot's own records of the folder, so that it numbers anew."""
        place = self.home / "Maildir" / ("" if folder == "INBOX" else f".{folder}")
        for record in (*place.glob("dovecot*"), *(self.home / "Maildir").glob("dovecot-uidvalidity*")):
            record.unlink(missing_ok=True)
        time.sleep(1.1)  # the new number is the time in whole seconds


@dataclass
class Dovecot:
    """A running server; `mailbox(name)` makes a login of its own for a test."""

    host: str
    port: int
    folder: Path
    process: subprocess.Popen[bytes]
    command: tuple[str | Path, ...] = ()

    def end(self, *, by: signal.Signals = signal.SIGKILL) -> None:
        """As if the machine had lost its power; the mailboxes stay."""
        stop(self.process, by=by)

    def begin(self) -> None:
        """Start again, on the same port with the same mailboxes; returns when it answers."""
        self.process = start(self.command, log=self.folder / "stdout")
        log = self.folder / "dovecot.log"
        wait_until(lambda: answers(self.port), seconds=20, what="Dovecot", process=self.process, log=log)

    def mailbox(self, login: str) -> Mailbox:
        """Return an empty mailbox. Logins need no preparation: the first use makes their folders."""
        return Mailbox(self.host, self.port, login, self.folder / "home" / login)

    def stop(self) -> None:
        """End the server and remove its folder."""
        stop(self.process)
        shutil.rmtree(self.folder, ignore_errors=True)


# Who comes with a token (XOAUTH2) is let in when the token server knows it; passwords are good as before.
TOKENS_2_3 = """
auth_mechanisms = plain login xoauth2
passdb {{
  driver = oauth2
  mechanisms = xoauth2
  args = {run}/oauth2.conf
}}
"""
ONLY_PLAIN = "driver = static\n  mechanisms = plain login\n  args = password"
TOKENS_FILE = """tokeninfo_url = {url}/introspect?access_token=
introspection_url = {url}/introspect?access_token=
introspection_mode = get
username_attribute = email
active_attribute = active
active_value = true
"""
TOKENS_2_4 = """
auth_mechanisms = plain login xoauth2
oauth2_tokeninfo_url = {tokens}/introspect?access_token=
oauth2_introspection_url = {tokens}/introspect?access_token=
oauth2_introspection_mode = get
oauth2_username_attribute = email
oauth2_active_attribute = active
oauth2_active_value = true
passdb oauth2 {{
  mechanisms_filter = xoauth2
}}
"""


def start_dovecot(*, tokens: str = "") -> Dovecot:
    """Return a server that answers; `tokens` is the address of a token server. Raises RealPartMissing with the line
    that installs it."""
    program = find_program("dovecot", package="dovecot-imapd")
    folder = Path(tempfile.mkdtemp(prefix="firstline-dovecot-"))
    folder.chmod(0o755)
    user, group = folder.owner(), folder.group()
    root = ordinary_user() is not None
    mail = "mail" if root else user  # Dovecot never delivers as uid 0
    for name in ("home", "run"):
        (folder / name).mkdir()
    shutil.chown(folder / "home", mail)
    port = free_port()
    version = subprocess.run([program, "--version"], capture_output=True, text=True, check=True).stdout
    old = version.startswith("2.3")
    parts = [VERSION_2_3 if old else VERSION_2_4, COMMON]
    if tokens:
        (folder / "oauth2.conf").write_text(TOKENS_FILE.format(url=tokens))
        parts.insert(0 if old else 1, TOKENS_2_3 if old else TOKENS_2_4)
        # The first that fits is asked: a token must not be tried as a password.
        parts[1 if old else 0] = parts[1 if old else 0].replace("driver = static\n  args = password", ONLY_PLAIN, 1)
    (folder / "dovecot.conf").write_text(
        "".join(parts).format(
            run=folder,
            tokens=tokens,
            port=port,
            password=PASSWORD,
            mail=mail,
            mail_group=mail if root else group,
            internal="dovecot" if root else user,
            internal_group="dovecot" if root else group,
            login="dovenull" if root else user,
            chroot="" if root else "chroot =",  # only root may change its root
        )
    )
    command = (program, "-F", "-c", folder / "dovecot.conf")
    process = start(command, log=folder / "stdout")
    try:
        wait_until(lambda: answers(port), seconds=20, what="Dovecot", process=process, log=folder / "dovecot.log")
    except RuntimeError:
        stop(process)
        raise
    return Dovecot("127.0.0.1", port, folder, process, command)
