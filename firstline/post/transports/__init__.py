"""The roads out, one file a channel: `open_line(url) -> Line`, `line.send(sender, to, raw) -> answer`, `line.close()`.

What goes wrong is one of the three failures of `failures.py`, and nothing else.
"""
