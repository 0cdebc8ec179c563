"""Invented people for demonstrations, tests and measurements. Nobody here is real."""
