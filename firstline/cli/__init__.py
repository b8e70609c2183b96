"""The command `firstline`."""

from firstline.cli.main import main

__all__ = ["main"]
