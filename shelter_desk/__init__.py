"""Shelter Desk: an offline case-management desk for shelters.

The map, top to bottom; a module may import only what stands below it::

    __main__             hands the command line over
    cli                  the commands without a window: sample, check, summary, pack, verify ...
    tour                 drives the real windows through one night and keeps the pictures
    app                  builds everything once; the only reader of the clock
    ui | sample          windows, pages, forms, tables (all of Qt is here) | invented people
    exports              what leaves, sealed: container, opener, signature, stick
    reports              PDF, CSV, XLSX, charts (all of reportlab is here)
    desk                 what staff can do and ask: commands and questions
    disclosure | store   safe tables and their proof | the encrypted file, its keys and migrations
    domain               rules without input or output
    mounts | paths | settings   what disk a folder stands on; where files are; this device

One write path: a page gives the desk a command, the desk checks the permission, and writes rows
and audit event in one transaction. One read path: a page asks the desk a question and gets frozen
values. Counts leave only as a `SafeTable`, which only `disclosure.protect()` makes.

``[tool.importlinter]`` and ``tests/test_architecture.py`` hold this map true.
"""

__version__ = "0.1.0"
