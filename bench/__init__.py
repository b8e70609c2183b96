"""The benchmarks behind `script/bench`: they build a desk of 20,000 tickets, measure it, and print what was measured.

Nothing here is shipped. Numbers depend on the machine: read them beside the floor that is measured in the same run, and
prefer the milliseconds of processor time, which other people's work on the machine changes least.
"""
