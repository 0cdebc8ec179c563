"""Keys of age as people paste or hand them over: read strictly, or told what was given instead.

Source: the age v1 specification, https://c2sp.org/age; the files of `age-keygen` hold comments.
"""

from __future__ import annotations

from shelter_desk.domain.bech32 import identity_bytes, recipient_bytes
from shelter_desk.domain.errors import DeskError

LONGEST_FILE = 64 << 10
"""Bytes of a file of keys that are looked at: one of `age-keygen` has 189."""

_PUBLIC, _SECRET = "age1", "AGE-SECRET-KEY-1"
_PUBLIC_LETTERS, _READ_ALOUD = 62, 16
_FIELD = 2**255 - 19
_OF_EIGHT = (
    0x00B8495F16056286FDB1329CEB8D09DA6AC49FF1FAE35616AEB8413B7C7AEBE0,
    0x57119FD0DD4E22D8868E1C58C45C44045BEF839C55B1D0B1248C50A3BC959C5F,
)
_SMALL_ORDER = frozenset({0, 1, _FIELD - 1, *_OF_EIGHT})
"""Points of X25519 that agree on zero with every secret key: RFC 7748, part 6.1."""
_SECRETS = ("AGE-SECRET-KEY-", "AGE-PLUGIN-", "PRIVATE KEY")
_LOCKED = ("age-encryption.org/", "-----BEGIN AGE ENCRYPTED FILE-----")
_OTHER_SECRETS = ("AGE-SECRET-KEY-PQ-", "AGE-PLUGIN-", "-----BEGIN ")


class NotAKeyError(DeskError):
    """This is no public key of age. It is one line that begins with age1."""


class SecretGivenError(NotAKeyError):
    """This is the secret part, and it was not kept. Ask for the line that begins with age1."""


class NoIdentityError(DeskError):
    """There is no secret key in it: no line that begins with AGE-SECRET-KEY-1."""


def recipient_in(text: str) -> str:
    """Return the one public key (age1 and 58 letters and digits) that stands in `text`.

    Lines of comment, empty lines and spaces around the key do not matter.

    Raises:
        SecretGivenError: there is a secret key in it, wherever; `text` must not be kept.
        NotAKeyError: says what it is instead, or what is wrong with it.
    """
    if holds_secret(text):
        raise SecretGivenError
    lines = _lines(text)
    if not lines:
        raise NotAKeyError
    if len(lines) > 1 or (" " in lines[0] and not _is_of_ssh(lines[0])):
        raise NotAKeyError(
            "There is more than one line. A pack is for one recipient: give one line with age1."
        )
    return _recipient(lines[0])


def holds_secret(text: str) -> bool:
    """Say whether a secret key of age, or of anything that writes its own so, stands in `text`."""
    return any(mark in text.upper() for mark in _SECRETS)


def is_of_a_key(given: str) -> bool:
    """Say whether this is a key, of any kind, and not the name of a file of keys."""
    big = given.strip().upper()
    return big.startswith((_PUBLIC.upper(), "SSH-", *_SECRETS))


def recipient_key(spelt: str) -> bytes:
    """Return the 32 bytes of a public key in the spelling of `recipient_in`.

    Raises:
        NotAKeyError: it is none.
    """
    if recipient_in(spelt) != spelt:
        raise NotAKeyError
    return recipient_bytes(spelt)


def in_fours(spelt: str) -> str:
    """Return a public key for paper: "age1x8 22k6 ... w56n", in fours but for its start."""
    first = len(spelt) - (len(spelt) - len(_PUBLIC)) // 4 * 4
    return " ".join((spelt[:first], *(spelt[at : at + 4] for at in range(first, len(spelt), 4))))


def last_letters(spelt: str) -> str:
    """Return the sixteen letters at its end, in fours, by which two people compare a key by ear.

    They are 80 bits: nobody makes a key that agrees in them. In the last six, who looks for a day
    does, for those are a checksum over the others.
    """
    return in_fours(spelt)[-(_READ_ALOUD + _READ_ALOUD // 4 - 1) :]


def identities_in(text: str) -> tuple[bytes, ...]:
    """Return the secret keys (32 bytes each) in an identity file of age, or in what is of one.

    Raises:
        NoIdentityError: says what it is instead. The message repeats nothing of it.
    """
    found = tuple(_identity(line) for line in _lines(text))
    if not found:
        raise NoIdentityError
    return found


def text_of(data: bytes) -> str:
    """Return the text of a file of keys, however its maker marks and ends lines."""
    return data[:LONGEST_FILE].decode("utf-8-sig", "replace")


def _lines(text: str) -> list[str]:
    stripped = (line.strip() for line in text.splitlines())
    return [line for line in stripped if line and not line.startswith("#")]


def _recipient(line: str) -> str:
    if _is_of_ssh(line):
        raise NotAKeyError("This is a key of SSH. Ask for a key of age: it begins with age1.")
    if not line.lower().startswith(_PUBLIC):
        raise NotAKeyError
    if line != line.lower():
        raise NotAKeyError("A key of age is in small letters only. Copy it as it was sent.")
    if line.rpartition("1")[0] != _PUBLIC[:-1]:  # a plug-in's, or one for another kind of lock
        raise NotAKeyError(
            "This is a key of age of another kind. Ask for one that age-keygen makes: "
            f"age1 and {_PUBLIC_LETTERS - len(_PUBLIC)} letters and digits."
        )
    try:
        public = recipient_bytes(line)
    except ValueError:
        raise NotAKeyError(
            "This key was not copied whole, or a letter of it is wrong. Copy it again."
        ) from None
    if not _has_a_secret(public):
        raise NotAKeyError("Nobody can hold the secret part of this key. Ask for another one.")
    return line


def _is_of_ssh(line: str) -> bool:
    return line.startswith(("ssh-", "ecdsa-", "sk-"))


def _has_a_secret(public: bytes) -> bool:
    """Say whether `public` can come of a secret key: it is reduced, and of no small order.

    A pack sealed to another one would open for nobody (age hands on the spelling that it derives
    from the secret), or for everybody (of small order, all secrets agree on zero).
    """
    height = int.from_bytes(public, "little")
    return height < _FIELD and height not in _SMALL_ORDER


def _identity(line: str) -> bytes:
    big = line.upper()
    if line.lower().startswith(_PUBLIC):
        raise NoIdentityError(
            f"This is a public key. The secret one is needed: the line that begins with {_SECRET}."
        )
    if line.startswith(_LOCKED):
        raise NoIdentityError(
            "This key file is locked with a passphrase. Unlock it with age, or open the pack with "
            "age."
        )
    if big.startswith(_OTHER_SECRETS) or _is_of_ssh(line):
        raise NoIdentityError("This is a key of another kind. Open the pack with age.")
    if not big.startswith(_SECRET):
        raise NoIdentityError
    try:
        return identity_bytes(line)
    except ValueError:
        raise NoIdentityError(
            "This key was not copied whole, or a letter of it is wrong. Copy it again."
        ) from None
