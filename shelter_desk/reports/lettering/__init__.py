"""Letters that Inter lacks: their faces, how they are joined, where lines end, what is read back.

A folder of its own because the scanner of exports takes every word in the modules above for one
that papers print anyway: the name of a script may be somebody's name.
"""
