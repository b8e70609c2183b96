"""Django's SQLite with one difference: who waits to write is not passed over (base.py)."""
