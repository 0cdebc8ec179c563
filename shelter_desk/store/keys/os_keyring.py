"""The system's keyring as one more witness of the audit trail, where there is a real one.

It remembers the newest head and nothing else: no key, no passphrase, nothing whose loss matters.
Windows empties it at a password reset, desktops change it, and both are harmless here.

`keyring.get_keyring()` is never asked: it follows an environment variable and a file in the home
folder, and so may answer with a backend that forgets, one that writes plain text, or code put
there by somebody else. The class is chosen by platform and made here. On Linux only the Secret
Service is used (GNOME Keyring, KeePassXC, and KWallet, which speaks it too), and only when the
keyring is open already: nobody is asked for a password in the middle of something else.

Every call goes through a thread and is given up after five seconds: a keyring daemon that does
not start leaves its caller waiting for ever.
"""

from __future__ import annotations

import queue
import secrets
import sys
import threading
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from typing import Protocol, TypeVar

from shelter_desk.store.witness import Witness, read_witness_line, witness_line

SOURCE = "keyring"
PATIENCE_SECONDS = 5.0
_SERVICE = "Shelter Desk"
_Answer = TypeVar("_Answer")


class _Backend(Protocol):
    """What is used of a `keyring` backend."""

    def get_password(self, service: str, username: str, /) -> str | None: ...
    def set_password(self, service: str, username: str, password: str, /) -> None: ...
    def delete_password(self, service: str, username: str, /) -> None: ...


class _NoKeyringError(Exception):
    """Why there is none; the text is shown."""


@dataclass(frozen=True, slots=True)
class KeyringUnavailable:
    """There is no keyring to use here, and why, in a sentence for the settings page."""

    sentence: str


class OsKeyring:
    """A keyring that was tried and works. Calls take tens of milliseconds: not after every entry.

    A keyring that stops answering is left alone until the program is started again; `problem`
    then says so.
    """

    def __init__(self, backend: _Backend, patience_seconds: float = PATIENCE_SECONDS) -> None:
        self.problem = ""
        self._backend = backend
        self._patience = patience_seconds

    def get(self, vault_id: bytes, key: bytes) -> Witness | None:
        """Return the remembered witness, or None: none yet, lost, or not sealed with `key`.

        `key` is `Opened.witness_key`.
        """
        line = self._try(lambda: self._backend.get_password(_SERVICE, vault_id.hex()))
        return read_witness_line(line, key, SOURCE) if line else None

    def set(self, vault_id: bytes, key: bytes, witness: Witness) -> None:
        """Remember the witness in the place of the former one."""
        line = witness_line(witness, key)
        self._try(lambda: self._backend.set_password(_SERVICE, vault_id.hex(), line))

    def _try(self, call: Callable[[], _Answer]) -> _Answer | None:
        if self.problem:
            return None
        try:
            return _within(self._patience, call)
        except _NoKeyringError as error:
            self.problem = str(error)
            return None


def find_keyring(
    platform: str = sys.platform, patience_seconds: float = PATIENCE_SECONDS
) -> OsKeyring | KeyringUnavailable:
    """Return the system's keyring after trying it out, or why there is none.

    May take `patience_seconds` twice: ask from a background job.
    """
    try:
        backend = _within(patience_seconds, lambda: _made_for(platform))
        _within(patience_seconds, lambda: _probe(backend))
    except _NoKeyringError as error:
        return KeyringUnavailable(str(error))
    return OsKeyring(backend, patience_seconds)


def _made_for(platform: str) -> _Backend:
    """Return the one backend of this platform, without anything the environment says about it."""
    # heavy: keyring and its backends, 80 ms
    if platform == "win32":
        from keyring.backends.Windows import WinVaultKeyring  # noqa: PLC0415 - start-up time

        windows = _plain(WinVaultKeyring)
        windows.persist = "local machine"  # not "enterprise", which roams to a server
        return windows
    if platform == "darwin":
        from keyring.backends.macOS import Keyring as MacKeyring  # noqa: PLC0415 - start-up time

        return _plain(MacKeyring)
    if platform == "linux":
        from keyring.backends.SecretService import Keyring  # noqa: PLC0415 - start-up time

        _require_open_secret_service()
        return _plain(Keyring)
    message = "This system has no keyring that the program knows."
    raise _NoKeyringError(message)


def _plain(kind: type[_Answer]) -> _Answer:
    """Return an instance of exactly `kind`, free of what KEYRING_PROPERTY_… variables set."""
    backend = kind()
    if type(backend) is not kind:
        message = "The keyring of this system is not the one that was expected."
        raise _NoKeyringError(message)
    vars(backend).clear()
    return backend


def _require_open_secret_service() -> None:
    # heavy: D-Bus
    import secretstorage  # noqa: PLC0415 - start-up time

    with closing(secretstorage.dbus_init()) as connection:
        if not secretstorage.check_service_availability(connection):
            message = "No keyring is running on this desktop."
            raise _NoKeyringError(message)
        try:
            # get_default_collection would make one, and ask for a password.
            collection = secretstorage.Collection(connection)
        except secretstorage.ItemNotFoundException:
            message = "This desktop's keyring has not been set up."
            raise _NoKeyringError(message) from None
        if collection.is_locked():
            message = "The keyring is locked. It opens when you sign in to the computer."
            raise _NoKeyringError(message)


def _probe(backend: _Backend) -> None:
    """Pass when the keyring keeps a random value, gives it back, and forgets it when told."""
    name, value = f"probe {secrets.token_hex(8)}", secrets.token_hex(32)
    backend.set_password(_SERVICE, name, value)
    kept = backend.get_password(_SERVICE, name)
    backend.delete_password(_SERVICE, name)
    if kept != value or backend.get_password(_SERVICE, name) is not None:
        message = "The keyring does not give back what it was given."
        raise _NoKeyringError(message)


def _within(seconds: float, call: Callable[[], _Answer]) -> _Answer:
    """Return the answer of `call`, made in a thread that is left behind when it takes too long."""
    answers: queue.SimpleQueue[_Answer | _NoKeyringError] = queue.SimpleQueue()

    def ask() -> None:
        try:
            answers.put(call())
        except _NoKeyringError as error:
            answers.put(error)
        except Exception:  # noqa: BLE001 - four libraries, each with its own errors
            answers.put(_NoKeyringError("This computer has no keyring that can be used."))

    threading.Thread(target=ask, name="keyring", daemon=True).start()
    try:
        answer = answers.get(timeout=seconds)
    except queue.Empty:
        message = f"The keyring did not answer within {seconds:g} seconds."
        raise _NoKeyringError(message) from None
    if isinstance(answer, _NoKeyringError):
        raise answer
    return answer
