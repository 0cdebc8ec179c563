"""The system's keyring as a witness of one open desk: asked once, told now and then.

Both take tens of milliseconds, and seconds where a keyring hangs: call them off the main thread.
Losing what the keyring remembers is harmless.
"""

from __future__ import annotations

from collections.abc import Callable

from shelter_desk.store.keys.os_keyring import KeyringUnavailable, OsKeyring, find_keyring
from shelter_desk.store.witness import Witness

Find = Callable[[], OsKeyring | KeyringUnavailable]


class KeyringWitness:
    """What the keyring remembers of one store.

    `key` is `Opened.witness_key`. `sentence` says in one line whether a keyring is used here, and
    if not, why not.
    """

    def __init__(self, vault_id: bytes, key: bytes, find: Find = find_keyring) -> None:
        self._vault_id, self._key, self._find = vault_id, key, find
        self._keyring: OsKeyring | None = None
        self._unavailable = "The keyring of this computer has not been asked yet."

    @property
    def sentence(self) -> str:
        """Return whether a keyring is used, and if not why, for the settings page."""
        problem = self._unavailable if self._keyring is None else self._keyring.problem
        if problem:
            return f"{problem} The desk works without it."
        return "The keyring of this computer remembers how far the audit trail goes."

    def look(self) -> Witness | None:
        """Find the keyring and return what it remembers, or None."""
        found = self._find()
        if isinstance(found, KeyringUnavailable):
            self._unavailable = found.sentence
            return None
        self._keyring = found
        return found.get(self._vault_id, self._key)

    def renew(self, key: bytes) -> None:
        """Seal with another key from now on; what was remembered under the former one is void."""
        self._key = key

    def keep(self, witness: Witness) -> None:
        """Remember `witness` instead; nothing happens before `look`, or without a keyring."""
        if self._keyring is not None:
            self._keyring.set(self._vault_id, self._key, witness)
