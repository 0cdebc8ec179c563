"""The benchmark script runs from end to end and prints every figure."""

import subprocess
import sys
from pathlib import Path

FIGURES = (
    "sample",
    "open store",
    "tick",
    "log entry",
    "Today board",
    "resident page",
    "search",
    "file size",
    "peak memory",
)


def test_the_benchmark_prints_every_figure():
    script = Path(__file__).with_name("bench.py")
    ran = subprocess.run(
        [sys.executable, str(script), "--stays", "20"],
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert ran.returncode == 0, ran.stderr
    starts = [line[:16].strip() for line in ran.stdout.splitlines()]
    assert starts == list(FIGURES)
