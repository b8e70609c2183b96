from typing import NamedTuple
class Reply(NamedTuple):
    text: str
    html: str | None
def strip(text, tree, subject): return Reply(text, None)
