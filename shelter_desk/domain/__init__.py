"""Rules without input or output: values in, values out.

Nothing here reads a clock, a file, a database or a screen; only the standard library is imported.
"""
