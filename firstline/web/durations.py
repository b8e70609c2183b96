"""Lengths of time as pages say them (lib.durations)."""

from firstline.lib.durations import in_hours, units, words

__all__ = ["in_hours", "units", "words"]
