"""What leaves sealed from the command line: the file to one place, its words to another."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TypeVar

from shelter_desk.cli.signing_in import read_secret, sign_in
from shelter_desk.cli.writing import make_folder
from shelter_desk.desk import Desk
from shelter_desk.desk.agreeing import Second
from shelter_desk.desk.pack_words import new_pack_words
from shelter_desk.desk.releasing import seconds
from shelter_desk.domain.errors import DeskError
from shelter_desk.exports.problems import UncertainCopyError
from shelter_desk.exports.stick import PackDrive
from shelter_desk.store.failures import told_by_system
from shelter_desk.store.safe_file import replace_bytes

T = TypeVar("T")
Make = Callable[[Desk, PackDrive, str, Second | None], T]


def sealed_out(options: argparse.Namespace, make: Make[T]) -> T:
    """Sign in, let a colleague agree, keep the words apart, and make what leaves.

    Without a file for words there are none: it is sealed to the key of its reader.

    Raises:
        DeskError: the words would lie with it, nobody agrees, or what `make` refuses.
    """
    folder, words_file = Path(options.out), None
    words = new_pack_words() if options.words_out else ""
    if words:
        words_file = Path(options.words_out)
        refuse_words_beside(folder, words_file)
    desk = sign_in(options)
    try:
        second = _second(desk, options)
        if words_file:
            keep_words(words_file, words)
        return _written(partial(make, desk), folder, words, words_file, second)
    finally:
        desk.close()


def refuse_words_beside(folder: Path, words_file: Path) -> None:
    """Pass when the words would not travel with the pack, however the paths are spelt."""
    target, inside = folder.resolve(), words_file.resolve()
    if words_file.is_dir() or not words_file.name:
        raise DeskError("Name a file for the words, not a folder.")
    for above in (inside, *inside.parents):
        # The same folder can have two names: another drive letter, another case, a mount.
        if above == target or (above.exists() and target.exists() and above.samefile(target)):
            raise DeskError("The words must not lie with the pack. Choose another place for them.")
    if words_file.exists() and words_file.stat().st_size:
        raise DeskError("There is a file of that name already. Choose another for the words.")


def keep_words(words_file: Path, words: str) -> None:
    """Write the words first: a pack whose words could not be kept opens for nobody."""
    if not words_file.resolve().parent.is_dir():
        raise DeskError(f"There is no folder {words_file.parent} for the words.")
    try:
        replace_bytes(words_file.resolve(), f"{words}\n".encode())
    except OSError as error:
        raise told_by_system(error) from error


def _second(desk: Desk, options: argparse.Namespace) -> Second | None:
    """Return the colleague who agrees, or None where nobody else can sign in."""
    able = desk.ask(seconds)
    if not able and options.second is not None:
        raise DeskError("Nobody else can sign in here, so nobody can agree. Leave --second out.")
    if not able:
        return None
    names = ", ".join(name for _, name in able)
    if options.second is None:
        raise DeskError(f"Two people let this out. Say who agrees with --second: {names}.")
    found = [public_id for public_id, name in able if options.second in (public_id, name)]
    if len(found) != 1:
        raise DeskError(f"--second names one colleague who can sign in: {names}.")
    prompt = f"Passphrase of {options.second}: "
    return Second(found[0], read_secret(options.second_passphrase_file, prompt))


def _written(
    make: Callable[[PackDrive, str, Second | None], T],
    folder: Path,
    words: str,
    words_file: Path | None,
    second: Second | None,
) -> T:
    try:
        make_folder(folder)
        return make(PackDrive(folder), words, second)
    except BaseException as error:
        # Words without a pack only mislead. After an uncertain copy the pack may be there.
        if words_file and not isinstance(error, UncertainCopyError):
            words_file.resolve().unlink(missing_ok=True)
        if isinstance(error, OSError):
            raise told_by_system(error) from error
        raise
