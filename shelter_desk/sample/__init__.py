"""Invented records for trying out, teaching and measuring; the same seed, the same people."""

from shelter_desk.sample.writing import SampleReport, write_demo, write_sample

__all__ = ["SampleReport", "write_demo", "write_sample"]
