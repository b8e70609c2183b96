"""x"""
from typing import NamedTuple
class Bounce(NamedTuple):
    recipient: str | None
    status: str | None
    hard: bool
    reason: str
    original_message_id: str | None
def read(*a): return None
