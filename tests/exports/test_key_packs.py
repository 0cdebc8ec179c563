"""A pack sealed to its reader's own age key: who opens it, who does not, and what is said."""

from __future__ import annotations

import io
import subprocess

import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from invented_pack import WORDS, held, sealed, signed
from tampered_key_packs import (
    AUDITOR,
    STRANGER,
    identity_file,
    public,
    recipient,
    sealed_to,
)

from shelter_desk.cli import main
from shelter_desk.domain.age_typed import (
    NoIdentityError,
    NotAKeyError,
    SecretGivenError,
    identities_in,
    recipient_in,
    recipient_key,
    text_of,
)
from shelter_desk.domain.bech32 import age_identity, age_recipient
from shelter_desk.exports.age import AgeWriter, decrypt, sealed_size
from shelter_desk.exports.age_keys import Identities, KeyLock
from shelter_desk.exports.problems import NeedsKeyError, NeedsWordsError, NotForThisKeyError
from shelter_desk.exports.verify import verify

KEY, SECRET = recipient(AUDITOR), age_identity(AUDITOR.private_bytes_raw())
MOST = 1 << 30


@pytest.fixture(scope="module")
def pack(tmp_path_factory):
    """A whole pack, sealed to the auditor's key."""
    path, target = tmp_path_factory.mktemp("keyed") / "K7Q29XVD.age", io.BytesIO()
    signed().write(target, KeyLock(public(AUDITOR)))
    path.write_bytes(target.getvalue())
    return path


def test_stock_age_and_verify_open_it_with_the_readers_key_and_no_other(pack, tmp_path, capsys):
    right, wrong = tmp_path / "right.txt", tmp_path / "wrong.txt"
    right.write_bytes(identity_file(AUDITOR))
    wrong.write_bytes(identity_file(STRANGER))
    opened = subprocess.run(["age", "-d", "-i", right, pack], capture_output=True, check=True)
    assert opened.stdout == decrypt(io.BytesIO(pack.read_bytes()), AUDITOR, most=MOST)
    refused = subprocess.run(["age", "-d", "-i", wrong, pack], capture_output=True, check=False)
    assert refused.returncode != 0

    # As an auditor on Windows saves it, with a mark at its start; and one of several keys.
    several = b"\xef\xbb\xbf" + identity_file(STRANGER, "\r\n") + identity_file(AUDITOR, "\r\n")
    right.write_bytes(several)
    assert main(["verify", str(pack), "--identity", str(right)]) == 0
    assert "FAILED" not in capsys.readouterr().out
    assert main(["verify", str(pack), "--identity", str(wrong)]) == 1
    said = capsys.readouterr().err
    assert said == f"It was not sealed to the key given, which is {recipient(STRANGER)}.\n"


def test_words_for_a_key_pack_and_a_key_for_a_words_pack_are_told_apart(pack, tmp_path, capsys):
    words_pack, words = tmp_path / "words.age", tmp_path / "words.txt"
    words_pack.write_bytes(sealed(held(signed())))
    words.write_text(WORDS)
    key = tmp_path / "key.txt"
    key.write_bytes(identity_file(AUDITOR))
    assert main(["verify", str(pack), "--words-file", str(words)]) == 1
    assert capsys.readouterr().err == f"{NeedsKeyError()}\n"
    assert main(["verify", str(words_pack), "--identity", str(key)]) == 1
    assert capsys.readouterr().err == f"{NeedsWordsError()}\n"
    for given in ([], ["--words-file", str(words), "--identity", str(key)]):
        with pytest.raises(SystemExit) as ended:
            main(["verify", str(pack), *given])
        assert ended.value.code == 2
    assert main(["verify", str(pack), "--identity", str(tmp_path / "none")]) == 1
    assert "is not there" in capsys.readouterr().err


def test_who_sealed_it_sees_that_it_opens_for_that_reader_and_for_nobody_else(pack):
    lock, target = KeyLock(public(AUDITOR)), io.BytesIO()
    signed().write(target, lock)
    data = target.getvalue()
    plain = decrypt(io.BytesIO(data), AUDITOR, most=MOST)
    assert decrypt(io.BytesIO(data), lock, most=MOST) == plain
    assert sealed_size(len(plain), to_key=True) == len(data)
    at = data.index(b"X25519 ") + 11  # what the reader agrees on a secret with
    other_share = data[:at] + (b"A" if data[at : at + 1] != b"A" else b"B") + data[at + 1 :]
    with pytest.raises(NotForThisKeyError):
        decrypt(io.BytesIO(other_share), lock, most=MOST)
    # Another reader's key in its place, or a pack of another day: that is seen before it leaves.
    swapped = KeyLock(public(AUDITOR))
    swapped.stanza(bytes(16))
    for other in (sealed_to(STRANGER, b"x"), pack.read_bytes()):
        for held_lock in (lock, swapped, KeyLock(public(AUDITOR))):
            with pytest.raises(NotForThisKeyError):
                decrypt(io.BytesIO(other), held_lock, most=MOST)
    with pytest.raises(NeedsWordsError):
        decrypt(io.BytesIO(sealed(held(signed()))), lock, most=MOST)


def test_the_secret_of_a_sealing_is_never_used_twice():
    lock = KeyLock(public(AUDITOR))
    assert lock.stanza(bytes(16)).split()[2] != lock.stanza(bytes(16)).split()[2]
    first, second = io.BytesIO(), io.BytesIO()
    for target in (first, second):
        with AgeWriter(target, lock) as writer:
            writer.write(b"x")
    assert verify_opens(second, lock)
    assert not verify_opens(first, lock)


def verify_opens(target, lock):
    try:
        return decrypt(io.BytesIO(target.getvalue()), lock, most=MOST) == b"x"
    except NotForThisKeyError:
        return False


def test_a_public_key_is_taken_as_people_hand_it_over():
    assert recipient_in(KEY) == KEY
    assert recipient_in(f"  {KEY}\r\n") == KEY
    assert recipient_in(f"# the licensor's key, by phone\n\n{KEY}\n") == KEY
    assert recipient_key(KEY) == public(AUDITOR)
    made = subprocess.run(["age-keygen"], capture_output=True, text=True, check=True).stdout
    named = made.split("# public key: ")[1].split()[0]
    assert recipient_in(named) == named
    (key,) = identities_in(made)
    assert recipient(X25519PrivateKey.from_private_bytes(key)) == named


FIELD = 2**255 - 19
SMALL = [0, 1, FIELD - 1, FIELD, FIELD + 1, 2**255, 2**255 + 9]
SMALL += [0x00B8495F16056286FDB1329CEB8D09DA6AC49FF1FAE35616AEB8413B7C7AEBE0]
SMALL += [0x57119FD0DD4E22D8868E1C58C45C44045BEF839C55B1D0B1248C50A3BC959C5F]


@pytest.mark.parametrize("height", SMALL)
def test_a_key_that_nobody_or_everybody_holds_is_refused(height):
    """Points of small order, and spellings that no secret key leads to: RFC 7748, part 6.1."""
    point = height.to_bytes(32, "little")
    if height in SMALL[:3] + SMALL[-2:]:
        with pytest.raises(ValueError, match="shared key"):
            AUDITOR.exchange(X25519PublicKey.from_public_bytes(point))
    spelt = age_recipient(point)
    with pytest.raises(NotAKeyError, match="Nobody can hold"):
        recipient_in(spelt)


REFUSED = {
    "": "no public key",
    "# nothing but a comment": "no public key",
    KEY[:-1]: "not copied whole",
    f"{KEY}q": "not copied whole",
    KEY.replace(KEY[20], "q" if KEY[20] != "q" else "p", 1): "not copied whole",
    KEY.upper(): "small letters",
    KEY[:30] + KEY[30:].upper(): "small letters",
    f"{KEY}\n{recipient(STRANGER)}": "more than one line",
    f"{KEY} {recipient(STRANGER)}": "more than one line",
    "age1pq1qqqq": "another kind",
    "age1yubikey1qgg": "another kind",
    "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIA inspector@example.org": "a key of SSH",
    "kiwi": "no public key",
}


@pytest.mark.parametrize(("text", "says"), REFUSED.items())
def test_what_is_no_public_key_is_refused_in_words(text, says):
    with pytest.raises(NotAKeyError, match=says) as refused:
        recipient_in(text)
    assert not isinstance(refused.value, SecretGivenError)


@pytest.mark.parametrize(
    "text",
    [
        SECRET, SECRET.lower(), identity_file(AUDITOR).decode(), f"{KEY}\n{SECRET}",
        "AGE-SECRET-KEY-PQ-1QQQ", "AGE-PLUGIN-YUBIKEY-1QQQ",
        "-----BEGIN OPENSSH PRIVATE KEY-----",
    ],
)  # fmt: skip
def test_a_secret_key_in_place_of_the_public_one_is_told_and_not_repeated(text):
    with pytest.raises(SecretGivenError) as refused:
        recipient_in(text)
    assert "secret part" in str(refused.value)
    assert text not in str(refused.value)


NO_IDENTITIES = {
    "": "no secret key",
    "# public key: none": "no secret key",
    "six words": "no secret key",
    KEY: "is a public key",
    SECRET[:-1]: "not copied whole",
    SECRET.lower(): "not copied whole",
    f"{SECRET}\n{SECRET[:-2]}QQ": "not copied whole",
    "AGE-SECRET-KEY-PQ-1QQQ": "another kind",
    "AGE-PLUGIN-YUBIKEY-1QQQ": "another kind",
    "-----BEGIN OPENSSH PRIVATE KEY-----": "another kind",
    "-----BEGIN AGE ENCRYPTED FILE-----": "locked with a passphrase",
    "age-encryption.org/v1\n-> scrypt x": "locked with a passphrase",
}


@pytest.mark.parametrize(("text", "says"), NO_IDENTITIES.items())
def test_what_is_no_secret_key_is_told_and_not_repeated(text, says, pack, tmp_path, capsys):
    with pytest.raises(NoIdentityError, match=says):
        identities_in(text)
    key = tmp_path / "key.txt"
    key.write_text(text)
    assert main(["verify", str(pack), "--identity", str(key)]) == 1
    said = capsys.readouterr()
    assert says in said.err
    assert said.out == ""
    assert not text or text not in said.err


def test_a_key_file_in_utf_8_with_a_mark_is_read():
    assert text_of(b"\xef\xbb\xbfage1\xff") == "age1�"
    key = Identities.in_text(text_of(b"\xef\xbb\xbf" + SECRET.encode()))
    assert decrypt(io.BytesIO(sealed_to(AUDITOR, b"x")), key, most=MOST) == b"x"


def test_a_pack_without_its_end_is_no_pack_for_the_right_key_either(pack, tmp_path):
    cut = tmp_path / "cut.age"
    cut.write_bytes(pack.read_bytes()[:-20])
    assert verify(cut, Identities([AUDITOR])).reason == "The file is damaged."
