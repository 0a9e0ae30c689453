"""Runs a command and prints, as JSON, what it took. It is small, since a child's memory counts from its parent's.

    python -I -S benchmarks/launcher.py COMMAND ...

What the command prints is thrown away, but for its standard error.
"""

import os
import sys
import time

began = time.perf_counter()
quiet = os.open(os.devnull, os.O_WRONLY)
child = os.posix_spawn(sys.argv[1], sys.argv[1:], os.environ, file_actions=[(os.POSIX_SPAWN_DUP2, quiet, 1)])
_, status, usage = os.wait4(child, 0)
print(
    f'{{"wall": {time.perf_counter() - began}, "processor": {usage.ru_utime + usage.ru_stime}, '
    f'"memory": {usage.ru_maxrss / 1024}, "code": {os.waitstatus_to_exitcode(status)}}}'
)
