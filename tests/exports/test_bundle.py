"""What a pack may not carry is not signed; what it carries is the same each time."""

from __future__ import annotations

from dataclasses import replace

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from invented_pack import OTHER_KEY, WORDS, contents, sealed, signed, signer

from shelter_desk.domain.merkle import checkpoint_text, key_hash, merkle_root
from shelter_desk.domain.merkle import signed_note as note
from shelter_desk.exports.bundle import sign_pack
from shelter_desk.exports.manifest import Deidentification, read_manifest
from shelter_desk.exports.problems import ManifestError, PackError
from shelter_desk.exports.verify import verify


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
