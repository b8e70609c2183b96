"""A small name server on a high port of loopback: it answers what the test wrote down, or says nothing at all."""

from __future__ import annotations

import socketserver
import threading

import dns.flags
import dns.message
import dns.rcode
import dns.rdatatype
import dns.rrset


class NameServer:
    """`records`: {"TXT north.example": ['"v=spf1 -all"']} in the words of a zone file. `silent` names get nothing."""

    def __init__(self) -> None:
        self.records: dict[str, list[str]] = {}
        self.silent: set[str] = set()
        self.broken: set[str] = set()
        self.asked: list[str] = []
        names = self

        class Answer(socketserver.BaseRequestHandler):
            def handle(self) -> None:
                if (reply := names.answer(self.request[0])) is not None:
                    self.request[1].sendto(reply, self.client_address)

        self.server = socketserver.ThreadingUDPServer(("127.0.0.1", 0), Answer)
        self.server.daemon_threads = True
        self.thread = threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        self.thread.start()

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self.server.server_address[1]}"

    def answer(self, packet: bytes) -> bytes | None:
        question = dns.message.from_wire(packet)
        asked = question.question[0]
        name, kind = asked.name.to_text().rstrip(".").lower(), dns.rdatatype.to_text(asked.rdtype)
        self.asked.append(f"{kind} {name}")
        if name in self.silent:
            return None
        reply = dns.message.make_response(question)
        reply.flags |= dns.flags.RA
        found = self.records.get(f"{kind} {name}", [])
        if name in self.broken:
            reply.set_rcode(dns.rcode.SERVFAIL)
        elif found:
            reply.answer.append(dns.rrset.from_text(asked.name, 300, "IN", kind, *found))
        elif not any(one.endswith(f" {name}") for one in self.records):
            reply.set_rcode(dns.rcode.NXDOMAIN)
        return reply.to_wire()

    def stop(self) -> None:
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()
