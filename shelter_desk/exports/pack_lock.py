"""What a pack is sealed with: the words, or the key of its reader that the colleague signed."""

from __future__ import annotations

from shelter_desk.desk.exported import sealed_to
from shelter_desk.domain.age_typed import recipient_key
from shelter_desk.exports.age_keys import KeyLock
from shelter_desk.exports.asked_of import Records
from shelter_desk.exports.problems import PackError


def lock_of(records: Records, custody_id: str, looked_at: str, words: str) -> str | KeyLock:
    """Return what to seal an export with; it opens what was sealed, for a last look at it.

    It is what is written down with the export, for that is what a colleague signs. `looked_at` is
    the key that stood on the screen, or "" for `words`.

    Raises:
        PackError: another key is written down than was looked at, or there are no words.
    """
    written_down = records.ask(sealed_to, custody_id=custody_id)
    if written_down != looked_at:
        raise PackError("The key written down for it is not the one shown. Nothing left.")
    if written_down:
        return KeyLock(recipient_key(written_down))
    if not words.strip():
        raise PackError("There are no words to seal it with. Nothing left.")
    return words
