"""Invented records for trying out, teaching and measuring; the same seed, the same people."""

from shelter_desk.sample.story import SampleReport
from shelter_desk.sample.writing import write_demo, write_sample

__all__ = ["SampleReport", "write_demo", "write_sample"]
