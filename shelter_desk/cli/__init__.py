"""The command line: the desk itself, or one of its tools without a window.

Exit code 0 = yes or done, 1 = a check failed or was refused (the reason on stderr), 2 = wrong
usage, 141 = whoever read the lines went away. A passphrase comes from the terminal or from
`--passphrase-file`, never from an argument.
"""

from __future__ import annotations

import argparse
import gc
import sys
from collections.abc import Callable, Sequence
from importlib import import_module

from shelter_desk import __version__
from shelter_desk.cli.reader_gone import ended_quietly
from shelter_desk.domain.errors import DeskError

Run = Callable[[argparse.Namespace], int]
# The module of each command is imported when it is wanted: `verify` needs no windows, and a
# window needs no report writer.
_MODULES = {
    "tour": "tour",
    "sample": "sample",
    "check": "records",
    "backup": "backing_up",
    "restore": "backing_up",
    "summary": "summary",
    "verify-summary": "summary",
    "protect": "protect",
    "pack": "pack",
    "pack-choices": "sampling",
    "pack-release": "releases",
    "pack-sample": "sampling",
    "verify": "pack",
    "export": "packing",
    "selftest": "selftest",
}


_PROFILES = ("grant-totals", "licensor", "accreditor", "board", "custodian")
_LISTS = ("records", "incidents", "staff")
_PACK_MORE = {
    "recipient": "who gets it, if not the usual",
    "reason": "why, if not the usual",
    "ground": "code of the ground that single records leave on; see pack-choices",
    "authority": "the section, order or agreement behind the ground",
    "release": "the release of the young person the pack is about; see pack-choices",
    "recipient-key": "seal it to the recipient's own age key: age1… or a file with that line",
    "words-sheet": "also the words as a sheet to print (PDF), to this file",
    "locked-pdf-words": "also the report as a locked PDF; its own words go to this file",
    "cover": "the cover sheet goes to this PDF file",
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return the exit code."""
    return ended_quietly(lambda: _run(arguments))


def _run(arguments: Sequence[str] | None) -> int:
    options = _desk_options(arguments) or parser().parse_args(arguments)
    try:
        if options.command is None:
            return _desk(options)
        module = import_module(f"shelter_desk.cli.{_MODULES[options.command]}")
        run: Run = getattr(module, options.command.replace("-", "_"))
        return run(options)
    except DeskError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    except KeyboardInterrupt:
        sys.stderr.write("Stopped. Nothing half-done was kept.\n")
        return 1


def _desk(options: argparse.Namespace) -> int:
    gc.disable()  # nothing made at start is garbage; afterwards the windows collect: ui.collecting
    # heavy: Qt
    from pathlib import Path  # noqa: PLC0415 - start-up time

    if options.demo:
        from shelter_desk.app import demo  # noqa: PLC0415 - start-up time

        return demo.run_demo()
    from shelter_desk.app import start  # noqa: PLC0415 - start-up time

    return start.run(Path(options.store) if options.store else None)


def _desk_options(arguments: Sequence[str] | None) -> argparse.Namespace | None:
    """Return the options of the desk itself; None when there is more, or nothing is right."""
    match list(sys.argv[1:] if arguments is None else arguments):
        # As it is started every day, and after a lock: a parser takes its time to be made.
        case []:
            return argparse.Namespace(command=None, store=None, demo=False)
        case ["--store", folder] if not folder.startswith("-"):
            return argparse.Namespace(command=None, store=folder, demo=False)
        case _:
            pass
    # The window need not wait for the parsers of eleven commands.
    plain = argparse.ArgumentParser(add_help=False, exit_on_error=False)
    _options_of_desk(plain)
    plain.set_defaults(command=None)
    try:
        options, more = plain.parse_known_args(arguments)
    except argparse.ArgumentError:
        return None
    return None if more else options


def _options_of_desk(to: argparse.ArgumentParser) -> None:
    to.add_argument("--store", metavar="DIR", help="open the records in this folder")
    to.add_argument("--demo", action="store_true", help="open an invented shelter, kept nowhere")


def parser() -> argparse.ArgumentParser:
    """Return the parser of every command; `--help` says what each does."""
    top = argparse.ArgumentParser(
        prog="shelter-desk", description="Case-management desk for shelters."
    )
    top.add_argument("--version", action="version", version=f"Shelter Desk {__version__}")
    _options_of_desk(top)
    commands = top.add_subparsers(dest="command", metavar="COMMAND")
    _tour_and_sample(commands)
    _records(commands)
    _exports(commands)
    _packs(commands)
    return top


def _tour_and_sample(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    tour = commands.add_parser("tour", help="drive the windows through a night, keep pictures")
    tour.add_argument("out", metavar="OUT")
    tour.add_argument("--dark", action="store_true")
    tour.add_argument("--scale", type=int, default=100, choices=range(100, 201, 25))
    sample = commands.add_parser("sample", help="write a store of invented people")
    sample.add_argument("store_dir", metavar="DIR")
    sample.add_argument("--residents", type=_count, required=True, metavar="N")
    sample.add_argument("--entries", type=_count, required=True, metavar="M")
    sample.add_argument("--seed", type=int, required=True, metavar="S")
    _passphrase(sample, required=True)


def _records(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    check = commands.add_parser("check", help="every integrity check, one line each")
    check.add_argument("store_dir", metavar="DIR")
    check.add_argument("--json", action="store_true")
    _passphrase(check)
    backup = commands.add_parser("backup", help="make a sealed, verified backup")
    backup.add_argument("store_dir", metavar="DIR")
    backup.add_argument("--to", required=True, metavar="OUT")
    _passphrase(backup)
    restore = commands.add_parser("restore", help="restore a backup into a new folder")
    restore.add_argument("backup", metavar="BACKUP", help="a B- file, or the folder it lies in")
    restore.add_argument("--to", required=True, metavar="DIR")
    restore.add_argument("--kit-file", metavar="FILE", help="the recovery kit's code; - = stdin")
    restore.add_argument("--new-passphrase-file", metavar="FILE", help="with the recovery kit")
    restore.add_argument("--keys", metavar="DIR", help="the folder of a key file that is left")
    _passphrase(restore)
    commands.add_parser("selftest", help="the program checks itself")


def _exports(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    summary = commands.add_parser("summary", help="the de-identified summary of a period")
    summary.add_argument("store_dir", metavar="DIR")
    summary.add_argument("--period", required=True, metavar="2026-Q1")
    summary.add_argument("--audience", choices=("public", "named"))
    summary.add_argument("--report", metavar="REPORT", help="another report; “list” names them")
    summary.add_argument(
        "--recipient", metavar="WHO", help="for whom, where it is for one by name"
    )
    summary.add_argument("--basis", metavar="CODE", help="why they may be told exact counts")
    summary.add_argument("--reason", metavar="WORDS", default="", help="why figures are amended")
    summary.add_argument("--goes-public", action="store_true", help="they will publish it")
    summary.add_argument("--out", required=True, metavar="OUT")
    summary.add_argument(
        "--three-way", action="store_true", help="age, phase and who came in the period, crossed"
    )
    summary.add_argument(
        "--insider", action="store_true", help="protect against a resident who reads it as well"
    )
    summary.add_argument("--plan", action="store_true", help="a year and its quarters together")
    summary.add_argument(
        "--restated", action="store_true", help="count a period anew that is out already"
    )
    summary.add_argument("--json", action="store_true")
    _passphrase(summary)
    verify_summary = commands.add_parser(
        "verify-summary", help="check a summary, or a protected table, by its files alone"
    )
    verify_summary.add_argument("out", metavar="OUT")
    protect = commands.add_parser("protect", help="make any table of head-counts safe")
    protect.add_argument("table", metavar="TABLE.json")
    protect.add_argument("--out", required=True, metavar="RESULT.json")
    export = commands.add_parser(
        "export", help="everything in open formats, sealed, for moving to another system"
    )
    export.add_argument("store_dir", metavar="DIR")
    export.add_argument("--recipient", required=True, metavar="WHO", help="who gets it")
    export.add_argument("--reason", required=True, metavar="WORDS", help="why it leaves")
    export.add_argument("--out", required=True, metavar="OUT")
    export.add_argument("--words-out", required=True, metavar="FILE")
    export.add_argument("--second", metavar="NAME", help="who agrees, where several can sign in")
    export.add_argument("--second-passphrase-file", metavar="FILE", help="read it here; - = stdin")
    _passphrase(export)


def _packs(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    pack = commands.add_parser("pack", help="write and verify an audit pack")
    pack.add_argument("store_dir", metavar="DIR")
    pack.add_argument("--profile", required=True, choices=_PROFILES)
    pack.add_argument("--period", required=True, metavar="2026-Q1")
    pack.add_argument("--out", metavar="OUT")
    pack.add_argument("--words-out", metavar="FILE")
    looks = "list what it would hold; nothing is written, and its figures are taken back"
    pack.add_argument("--preview", action="store_true", help=looks)
    pack.add_argument("--show", metavar="PATH", help="with --preview: print this file of totals")
    pack.set_defaults(wrong_usage=pack.error)
    pack.add_argument("--second", metavar="NAME", help="who agrees, where several can sign in")
    pack.add_argument("--second-passphrase-file", metavar="FILE", help="read it here; - = stdin")
    for name, words in _PACK_MORE.items():
        pack.add_argument(f"--{name}", default="", help=words)
    pack.add_argument("--rows", action="store_true", help="lines of single records, on a ground")
    drawn = "a sample that was drawn, one of each list; see pack-sample"
    pack.add_argument("--sample", action="append", default=[], help=drawn)
    _passphrase(pack)
    choices = commands.add_parser(
        "pack-choices", help="the grounds, samples and releases there are"
    )
    choices.add_argument("store_dir", metavar="DIR")
    choices.add_argument("--profile", required=True, choices=_PROFILES)
    _passphrase(choices)
    release = commands.add_parser("pack-release", help="write down a release that was signed")
    release.add_argument("store_dir", metavar="DIR")
    release.add_argument("--terms", required=True, metavar="FILE", help="what it says, in TOML")
    _passphrase(release)
    sample = commands.add_parser(
        "pack-sample", help="fix a list; then draw with a reviewer's dice"
    )
    sample.add_argument("store_dir", metavar="DIR")
    sample.add_argument("--profile", choices=_PROFILES)
    sample.add_argument("--period", metavar="2026-Q1")
    sample.add_argument("--of", choices=_LISTS, default=_LISTS[0], help="what the list is of")
    sample.add_argument("--list", metavar="LIST", help="one that is fixed: draw from it")
    sample.add_argument("--dice", metavar="THROWN", help="what the dice showed")
    sample.add_argument("--count", type=_count, metavar="N", help="how many records")
    sample.add_argument("--withdraw", action="store_true", help="put it away, not drawn")
    _passphrase(sample)
    _verify(commands)


def _verify(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    verify = commands.add_parser("verify", help="check an audit pack, without a store")
    verify.add_argument("pack", metavar="PACK")
    opens = verify.add_mutually_exclusive_group(required=True)
    opens.add_argument("--words-file", metavar="FILE", help="the words that open it")
    opens.add_argument(
        "--identity", metavar="FILE", help="the secret age key that opens it, as age -i takes it"
    )
    verify.add_argument("--signer", default="", help="the fingerprint on the paper cover sheet")
    verify.add_argument(
        "--after",
        metavar="FORMER",
        help="manifest.json or audit/checkpoint.txt of the pack before, or the log on its sheet",
    )
    verify.add_argument("--json", action="store_true")


def _passphrase(command: argparse.ArgumentParser, *, required: bool = False) -> None:
    command.add_argument(
        "--passphrase-file", metavar="FILE", required=required, help="read it here; - = stdin"
    )
    command.add_argument("--staff", metavar="NAME", help="who signs in, where several can")


def _count(text: str) -> int:
    if not text.isdecimal():
        raise argparse.ArgumentTypeError(f"give a whole number, 0 or more, not {text!r}")
    return int(text)
