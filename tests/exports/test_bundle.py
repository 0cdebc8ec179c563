"""What a pack may not carry is not signed; what it carries is the same each time."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from invented_pack import OTHER_KEY, WORDS, contents, held, sealed, signed, signer

from shelter_desk.domain.merkle import checkpoint_text, key_hash, merkle_root
from shelter_desk.domain.merkle import signed_note as note
from shelter_desk.exports.age import decrypt
from shelter_desk.exports.bundle import AuditPart, sign_pack
from shelter_desk.exports.manifest import Deidentification, ReleaseTerms, read_manifest
from shelter_desk.exports.problems import ArchiveError, DamagedPackError, ManifestError, PackError
from shelter_desk.exports.verify import verify

LAST = date(2027, 2, 21)


def test_the_same_contents_give_the_same_files():
    assert list(signed().files.items()) == list(signed().files.items())


def test_the_manifest_reads_back_as_it_was_written():
    pack = signed()
    assert read_manifest(pack.files["manifest.json"]) == pack.manifest


def test_the_signature_is_a_plain_one_over_the_bytes_of_the_list():
    pack = signed()
    key = Ed25519PublicKey.from_public_bytes(pack.manifest.signer_key)
    key.verify(pack.files["manifest.sig"], pack.files["manifest.json"])
    assert len(pack.files["manifest.sig"]) == 64


@pytest.mark.parametrize(
    "path", ["report.pdf", "audit/leaves.bin", "data/../x", "data/.x", "/data/x"]
)
def test_a_file_outside_its_folder_is_not_signed(path):
    with pytest.raises(PackError):
        signed(files={path: b""})


@pytest.mark.parametrize(
    "changes",
    [
        {"purpose": ""},
        {"purpose": "x" * 501},
        {"export_id": "short"},
        {"period": "<b>"},
        {"counts": {"a": -1}},
        {"opener_sha256": "00"},
        {"release": ReleaseTerms("", ("st-ash",), LAST)},
        {"release": ReleaseTerms("Order 7", (), LAST)},
        {"release": ReleaseTerms("Order 7", ("st-ash", "st-ash"), LAST)},
        {"release": ReleaseTerms("Order 7", ("st-ash", "st-sky", "st-oak"), LAST)},
        {"release": ReleaseTerms("Order 7", ("<b>",), LAST)},
        {"deidentification": Deidentification("", 5)},
    ],
)
def test_facts_that_a_reader_would_refuse_are_not_signed(changes):
    with pytest.raises(ManifestError):
        signed(facts=replace(contents().facts, **changes))


def test_a_leaf_of_the_wrong_length_is_not_signed():
    with pytest.raises(PackError):
        signed(audit=replace(contents().audit, leaves=(b"short",)))


def test_a_second_person_can_cosign_the_checkpoint(tmp_path):
    audit = contents().audit
    text = checkpoint_text(audit.origin, len(audit.leaves), merkle_root(audit.leaves))
    witness = signer(OTHER_KEY, "witness.example/ash")
    key = key_hash(witness.name, witness.public_key)
    line = note(text, witness.name, key, witness.sign(text.encode())).split("\n\n")[1]
    pack = sign_pack(contents(audit=replace(audit, cosignatures=(line,))), signer())
    (tmp_path / "pack.age").write_bytes(sealed(pack.files))

    assert pack.files["audit/checkpoint.txt"].decode().count("\u2014 ") == 2
    assert verify(tmp_path / "pack.age", WORDS).ok


class Watched(Sequence[bytes]):
    """A trail that is made when it is read, and tells how much was wanted at a time."""

    def __init__(self, size: int) -> None:
        self.size, self.most, self.read = size, 0, 0

    def __len__(self) -> int:
        return self.size

    def __getitem__(self, place: slice) -> list[bytes]:
        numbers = range(self.size)[place]
        self.most, self.read = max(self.most, len(numbers)), self.read + len(numbers)
        return [hashlib.sha256(b"%d" % number).digest() for number in numbers]


def test_a_long_trail_is_read_by_stretches_and_never_held_as_a_whole():
    trail = Watched(20_000)
    part = AuditPart("desk.example/log", trail)
    pack = sign_pack(contents(audit=part), signer())
    assert trail.read <= 20_000 + 256  # once for tree, chain and digest
    held_at_once = [hashlib.sha256(b"%d" % number).digest() for number in range(20_000)]
    whole = sign_pack(contents(audit=replace(part, leaves=held_at_once)), signer())
    assert held(pack) == held(whole)
    assert pack.manifest.audit.root == merkle_root(held_at_once).hex()
    assert trail.most <= 8_192
    assert "audit/leaves.bin" not in pack.texts


def test_a_trail_that_changes_while_it_is_written_makes_no_whole_pack():
    trail = Watched(20_000)
    pack = sign_pack(contents(audit=AuditPart("desk.example/log", trail)), signer())
    trail.size -= 1
    target = io.BytesIO()
    with pytest.raises(ArchiveError, match="changed while it was written"):
        pack.write(target, WORDS)
    with pytest.raises(DamagedPackError):
        decrypt(io.BytesIO(target.getvalue()), WORDS, most=1 << 30)
