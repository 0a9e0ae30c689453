"""The points that are measured, a module each, whose `measure(run)` gives a `benchmarks.results.Point`."""

POINTS = {
    "quality": "benchmarks.points.quality",
    "speed": "benchmarks.points.speed",
    "overhead": "benchmarks.points.overhead",
    "throughput": "benchmarks.points.throughput",
    "cost": "benchmarks.points.cost",
    "faults": "benchmarks.points.faults",
    "startup": "benchmarks.points.startup",
    "scale": "benchmarks.points.scale",
}
