"""Where a server listens: an address with or without a port."""

from __future__ import annotations

from ipaddress import ip_address

from firstline.lib.environment import WrongSetting


def read(where: str, *, port: int) -> tuple[str, int]:
    """ "127.0.0.1", "127.0.0.1:5353", "::1" or "[::1]:5353" as address and port. Raises WrongSetting."""
    host, colon, given = where.rpartition(":")
    if not colon or (":" in host and not host.endswith("]")):
        host, given = where, str(port)
    try:
        return str(ip_address(host.strip("[]"))), int(given)
    except ValueError as wrong:
        raise WrongSetting(f"{where!r}: an address such as 127.0.0.1 or 127.0.0.1:{port} was expected") from wrong
