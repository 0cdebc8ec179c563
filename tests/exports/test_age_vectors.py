"""The public test vectors of the age format: read what is right, refuse what is wrong."""

from __future__ import annotations

import base64
import hashlib
import hmac
import io
import json
import zlib
from dataclasses import dataclass
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from shelter_desk.exports.age import decrypt
from shelter_desk.exports.problems import DamagedPackError, WrongWordsError

VECTORS = json.loads((Path(__file__).parent / "data/cctv_age.json").read_text())
MOST = 1 << 26


@dataclass(frozen=True)
class Vector:
    fields: dict[str, str]
    file: bytes

    @property
    def expected(self) -> str:
        return self.fields["expect"]


def read_vector(text):
    head, _, body = base64.b64decode(text).partition(b"\n\n")
    fields = dict(line.split(": ", 1) for line in head.decode().splitlines())
    return Vector(fields, zlib.decompress(body) if fields.get("compressed") else body)


def header_for(file_key, words):
    """Wrap a file key under a passphrase, as an independent second writer."""

    def encode(data):
        return base64.b64encode(data).rstrip(b"=")

    salt = bytes(range(16))
    label = b"age-encryption.org/v1/scrypt" + salt
    key = Scrypt(salt=label, length=32, n=4, r=8, p=1).derive(words.encode())
    wrapped = ChaCha20Poly1305(key).encrypt(bytes(12), file_key, None)
    text = b"age-encryption.org/v1\n-> scrypt %s 2\n%s\n---" % (encode(salt), encode(wrapped))
    mac_key = HKDF(hashes.SHA256(), 32, b"", b"header").derive(file_key)
    return text + b" " + encode(hmac.digest(mac_key, text, "sha256")) + b"\n"


@pytest.mark.parametrize("name", [n for n in VECTORS if not n.startswith("stream")])
def test_headers(name):
    vector = read_vector(VECTORS[name])
    words = vector.fields.get("passphrase", "password")
    if vector.expected == "success" and "passphrase" in vector.fields:
        plain = decrypt(io.BytesIO(vector.file), words, most=MOST)
        assert hashlib.sha256(plain).hexdigest() == vector.fields["payload"]
    else:
        with pytest.raises((DamagedPackError, WrongWordsError)):
            decrypt(io.BytesIO(vector.file), words, most=MOST)


@pytest.mark.parametrize("name", [n for n in VECTORS if n.startswith("stream")])
def test_payloads(name):
    # These come under a key of a recipient; the file key is stated, so it can be wrapped anew.
    vector = read_vector(VECTORS[name])
    payload = vector.file.split(b"\n--- ", 1)[1].split(b"\n", 1)[1]
    file = io.BytesIO(header_for(bytes.fromhex(vector.fields["file key"]), "words") + payload)
    if vector.expected == "success":
        plain = decrypt(file, "words", most=MOST)
        assert hashlib.sha256(plain).hexdigest() == vector.fields["payload"]
    else:
        with pytest.raises(DamagedPackError):
            decrypt(file, "words", most=MOST)


def test_the_vectors_hold_both_kinds():
    expected = [read_vector(text).expected for text in VECTORS.values()]
    assert len(expected) == 56
    assert expected.count("success") >= 8
