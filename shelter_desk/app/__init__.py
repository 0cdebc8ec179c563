"""Builds everything once: clock, door, desk, windows. The only package that reads the clock."""
