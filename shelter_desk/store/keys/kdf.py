"""From a passphrase to a key: Argon2id, with settings that fit the PC and never go below a floor.

Argon2id version 1.3 (RFC 9106), 3 passes, 4 lanes, 32 bytes. The memory is chosen once, when the
records are set up: the largest of 64 to 512 MiB that takes at most a second. What is read back
from a file must lie within bounds, so that nobody can weaken a passphrase, or make the program
ask for all memory, by editing the file.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

from shelter_desk.domain.words import normalise
from shelter_desk.store.keys.sealing import KEY_BYTES, derive

SALT_BYTES = 16
LONGEST_WAIT_SECONDS = 1.0
_MIB = 1024
_CHOICES_MIB = (64, 128, 256, 512)
_MEMORY = range(64 * _MIB, 1024 * _MIB + 1)
_ITERATIONS = range(2, 11)
_LANES = range(1, 9)


@dataclass(frozen=True, slots=True)
class KdfSettings:
    """How much work one guess costs. `memory_kib` is in KiB.

    Raises:
        ValueError: when a number lies outside 64 MiB to 1 GiB, 2 to 10 passes, 1 to 8 lanes.
    """

    memory_kib: int = 64 * _MIB
    iterations: int = 3
    lanes: int = 4

    def __post_init__(self) -> None:
        within = (
            self.memory_kib in _MEMORY and self.iterations in _ITERATIONS and self.lanes in _LANES
        )
        if not within or not all(type(n) is int for n in self.as_json().values()):
            message = "key derivation settings outside of the accepted bounds"
            raise ValueError(message)

    def as_json(self) -> dict[str, int]:
        """Return the settings as they stand in the key file."""
        return {
            "memory_kib": self.memory_kib,
            "iterations": self.iterations,
            "lanes": self.lanes,
        }


def read_settings(value: Mapping[str, int]) -> KdfSettings:
    """Return the settings a key file spells.

    Raises:
        ValueError: when they are incomplete or out of bounds.
    """
    if set(value) != {"memory_kib", "iterations", "lanes"}:
        message = "key derivation settings are incomplete"
        raise ValueError(message)
    return KdfSettings(**value)


def choose_settings(measure: Callable[[KdfSettings], float]) -> KdfSettings:
    """Return the strongest settings that stay within a second on this PC.

    `measure` derives one key with the given settings and returns the seconds it took; where the
    memory is not to be had it returns infinity. The floor of 64 MiB is kept however slow it is.
    """
    chosen = KdfSettings(_CHOICES_MIB[0] * _MIB)
    for mib in _CHOICES_MIB[1:]:
        candidate = KdfSettings(mib * _MIB)
        if measure(candidate) > LONGEST_WAIT_SECONDS:
            break
        chosen = candidate
    return chosen


def timed_derivation(settings: KdfSettings, timer: Callable[[], float]) -> float:
    """Return the seconds one derivation takes by `timer`; infinity when memory is short."""
    start = timer()
    try:
        derive_kek("measuring this computer", bytes(SALT_BYTES), settings)
    except MemoryError:
        return float("inf")
    return timer() - start


def derive_kek(
    passphrase: str, salt: bytes, settings: KdfSettings, device_secret: bytes = b""
) -> bytes:
    """Return the 32-byte key that wraps a person's private keys.

    Takes a tenth of a second to a second and the memory of the settings, and lets other threads
    run meanwhile. A `device_secret` (if switched on) makes a stolen file useless by itself.
    """
    hashed = Argon2id(
        salt=salt,
        length=KEY_BYTES,
        iterations=settings.iterations,
        lanes=settings.lanes,
        memory_cost=settings.memory_kib,
    ).derive(normalise(passphrase).encode("utf-8", "surrogatepass"))
    return derive(hashed + device_secret, "kek+dev" if device_secret else "kek")
