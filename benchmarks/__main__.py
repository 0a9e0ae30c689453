"""The command: measures the points, writes the results, and renders them."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from benchmarks.peers.tools import TOOLS
from benchmarks.points import POINTS
from benchmarks.rendering import markdown
from benchmarks.results import Report
from benchmarks.run import ROOT, missing, run_points

_PAGE = ROOT / "BENCHMARKS.md"
_DESCRIPTION = """Measures this project beside its peers, and writes BENCHMARKS.md.

The whole run takes about 20 minutes on two cores, the smoke run two. A smoke run prints its
tables and writes no page, and so does one of some points alone, unless the results that it adds to hold all others."""


def main() -> int:
    """Run the command. The exit code is 1 where a point could not be measured."""
    given = _arguments().parse_args()
    if given.install:
        return _install()
    for title in missing(TOOLS):
        print(f"{title} is not installed and is left out: python -m benchmarks --install", file=sys.stderr)
    report = run_points({name: POINTS[name] for name in given.only or POINTS}, smoke=given.smoke, long=given.long)
    if given.only and given.results and given.results.is_file():
        report = report.with_points_of(Report.model_validate_json(given.results.read_bytes()))
    if given.results:
        given.results.write_text(report.model_dump_json(indent=1) + "\n", encoding="utf-8")
    _deliver(markdown(report), whole=report.points.keys() >= POINTS.keys() and not report.has_smoke)
    return int(any(measured.failure for measured in report.points.values()))


def _arguments() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks", description=_DESCRIPTION, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--smoke", action="store_true", help="tiny sizes: does every benchmark still run?")
    parser.add_argument("--long", action="store_true", help="sizes that take hours, where a point has such: scale")
    parser.add_argument("--only", metavar="NAME", action="append", choices=POINTS, help=f"one of {', '.join(POINTS)}")
    parser.add_argument("--results", metavar="FILE.json", type=Path, help="write the results; --only adds to them")
    parser.add_argument("--install", action="store_true", help="install the peers under .benchmarks/, no more")
    return parser


def _install() -> int:
    for tool in TOOLS:
        if not tool.installed:
            print(f"{tool.title} ...", file=sys.stderr)
            tool.install()
        print(f"{tool.title} {tool.version}")
    return 0


def _deliver(page: str, *, whole: bool) -> None:
    if whole:
        _PAGE.write_text(page, encoding="utf-8")
        print(f"{_PAGE.name} is written.", file=sys.stderr)
    else:
        print(page, end="")


if __name__ == "__main__":
    sys.exit(main())
