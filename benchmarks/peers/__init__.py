"""The tools that are measured, each in a process, and the peers in an environment, of its own.

A tool's script is `benchmarks/peers/NAME.py`; a peer's pinned requirements are `benchmarks/peers/NAME.txt`. Only the
standard library is imported here: the scripts run where nothing of this project is installed.
"""
