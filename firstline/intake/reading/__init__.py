"""A letter read: its bytes in, what it says out. Pure: no network, no database, no settings, no clock, no translation.

`letters.read` is the door; it runs in a limited child (`intake/inspect_letter.py`).
"""
