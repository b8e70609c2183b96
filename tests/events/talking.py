"""Calling the event application without a server, and reading what it streams."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

from firstline.events.app import Events


@dataclass
class Call:
    """One request; `said` grows while a stream goes on."""

    events: Events
    query: str = ""
    headers: dict[str, str] = field(default_factory=dict)
    method: str = "GET"
    path: str = "/events"
    status: int = 0
    answered: dict[str, str] = field(default_factory=dict)
    said: str = ""
    ended: bool = False

    def __post_init__(self) -> None:
        self.gone = asyncio.Event()
        self.task: asyncio.Task[None] | None = None

    async def receive(self) -> dict[str, Any]:
        await self.gone.wait()
        return {"type": "http.disconnect"}

    async def send(self, message: dict[str, Any]) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            self.answered = {name.decode(): value.decode() for name, value in message["headers"]}
        else:
            self.said += message.get("body", b"").decode()
            self.ended = not message.get("more_body", False)

    async def start(self) -> Call:
        scope = {
            "type": "http", "method": self.method, "path": self.path, "query_string": self.query.encode(),
            "headers": [(name.lower().encode(), value.encode()) for name, value in self.headers.items()],
        }  # fmt: skip
        self.task = asyncio.create_task(self.events(scope, self.receive, self.send))
        return self

    async def whole(self) -> Call:
        await self.start()
        assert self.task is not None
        await asyncio.wait_for(self.task, 10)
        return self

    async def until(self, text: str, seconds: float = 10) -> None:
        async with asyncio.timeout(seconds):
            while text not in self.said:
                await asyncio.sleep(0.02)

    async def leave(self) -> None:
        self.gone.set()
        if self.task is not None:
            await asyncio.wait_for(self.task, 10)

    @property
    def topics(self) -> list[str]:
        return [json.loads(line[6:])["t"] for line in self.said.splitlines() if line.startswith("data: ")]

    @property
    def positions(self) -> list[int]:
        return [int(line[4:]) for line in self.said.splitlines() if line.startswith("id: ")]


def run_apart(scene: Coroutine[Any, Any, None]) -> None:
    """In a thread of its own: a browser test of the same process may have left a loop running in the main one."""
    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, scene).result()
