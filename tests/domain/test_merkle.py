"""The Merkle tree against a plain reading of RFC 6962, known answers, and every wrong proof."""

from __future__ import annotations

import base64
import hashlib
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shelter_desk.domain.merkle import (
    EMPTY_ROOT,
    Hashes,
    MerkleTree,
    TreeHead,
    checkpoint_text,
    consistency_proof,
    cosigned_note,
    inclusion_proof,
    key_hash,
    merkle_root,
    read_checkpoint,
    read_note,
    signed_note,
    verify_consistency,
    verify_inclusion,
)

LEAVES = [hashlib.sha256(b"\x00" + bytes([n])).digest() for n in range(70)]


def test_hashes_in_one_piece_are_read_like_a_list_of_them():
    joined = Hashes(b"".join(LEAVES))
    assert list(joined) == LEAVES
    assert (len(joined), joined[0], joined[-1]) == (70, LEAVES[0], LEAVES[-1])
    assert list(joined[3:9]) == LEAVES[3:9]
    assert list(joined[9:3]) == list(joined[70:]) == []
    assert len(Hashes(b"".join(LEAVES) + b"rest")) == 70
    for wrong in (70, -71):
        with pytest.raises(IndexError):
            joined[wrong]
    with pytest.raises(ValueError, match="stretch"):
        joined[::2]
    assert MerkleTree(joined).root == MerkleTree(LEAVES).root == _plain_root(LEAVES)


def _plain_root(leaves: list[bytes]) -> bytes:
    """MTH of RFC 6962 section 2.1, word for word (over leaf hashes)."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    left, right = _plain_root(leaves[:split]), _plain_root(leaves[split:])
    return hashlib.sha256(b"\x01" + left + right).digest()


def _plain_path(index: int, leaves: list[bytes]) -> list[bytes]:
    """PATH of RFC 6962 section 2.1.1, word for word."""
    if len(leaves) == 1:
        return []
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    if index < split:
        return [*_plain_path(index, leaves[:split]), _plain_root(leaves[split:])]
    return [*_plain_path(index - split, leaves[split:]), _plain_root(leaves[:split])]


def test_known_roots_of_the_certificate_transparency_test_leaves() -> None:
    # The eight leaves and roots of the reference tests of certificate transparency.
    texts = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657"]
    texts.append("606162636465666768696a6b6c6d6e6f")
    leaves = [hashlib.sha256(b"\x00" + bytes.fromhex(text)).digest() for text in texts]
    assert EMPTY_ROOT.hex() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    known = {
        1: "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        2: "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
        3: "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
        8: "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
    }
    for size, root in known.items():
        assert merkle_root(leaves[:size]).hex() == root


@pytest.mark.parametrize("size", range(len(LEAVES) + 1))
def test_root_and_paths_are_those_of_the_rfc(size: int) -> None:
    leaves = LEAVES[:size]
    tree = MerkleTree(leaves)
    assert merkle_root(iter(leaves)) == tree.root == _plain_root(leaves)
    for index in range(size):
        assert list(tree.inclusion_proof(index)) == _plain_path(index, leaves)


def test_every_inclusion_proof_holds_and_holds_only_in_its_place() -> None:
    proved = 0
    for size in range(1, 34):
        tree = MerkleTree(LEAVES[:size])
        for index in range(size):
            proof = tree.inclusion_proof(index)
            assert verify_inclusion(LEAVES[index], index, size, proof, tree.root)
            for other in range(size):
                if other != index:
                    assert not verify_inclusion(LEAVES[index], other, size, proof, tree.root)
            assert not verify_inclusion(LEAVES[60], index, size, proof, tree.root)
            assert not verify_inclusion(LEAVES[index], index, size, (*proof, tree.root), tree.root)
            if proof:
                assert not verify_inclusion(LEAVES[index], index, size, proof[:-1], tree.root)
            proved += 1
    assert proved == 33 * 34 // 2


def test_every_consistency_proof_holds_and_no_other_tree_fits() -> None:
    proved = 0
    for size in range(1, 34):
        tree = MerkleTree(LEAVES[:size])
        for old in range(1, size + 1):
            proof = tree.consistency_proof(old)
            before, now = TreeHead(old, merkle_root(LEAVES[:old])), TreeHead(size, tree.root)
            assert verify_consistency(before, now, proof)
            changed = [LEAVES[60], *LEAVES[1:size]]
            assert not verify_consistency(TreeHead(old, merkle_root(changed[:old])), now, proof)
            assert not verify_consistency(before, TreeHead(size, merkle_root(changed)), proof)
            assert not verify_consistency(before, now, (*proof, tree.root))
            if proof:
                assert not verify_consistency(before, now, proof[:-1])
            proved += 1
    assert proved == 33 * 34 // 2


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 3000), st.data())
def test_proofs_of_large_trees_hold(size: int, data) -> None:
    leaves = [number.to_bytes(32, "big") for number in range(size)]
    tree = MerkleTree(leaves)
    index = data.draw(st.integers(0, size - 1))
    proof = inclusion_proof(leaves, index)
    assert verify_inclusion(leaves[index], index, size, proof, tree.root)
    assert len(proof) <= 12
    old = TreeHead(index + 1, merkle_root(leaves[: index + 1]))
    steps = consistency_proof(leaves, index + 1)
    assert verify_consistency(old, TreeHead(size, tree.root), steps)


def test_questions_outside_of_the_tree_are_refused() -> None:
    tree = MerkleTree(LEAVES[:5])
    for index in (-1, 5):
        with pytest.raises(ValueError, match="no such leaf"):
            tree.inclusion_proof(index)
        assert not verify_inclusion(LEAVES[0], index, 5, (), tree.root)
    for old in (0, 6):
        with pytest.raises(ValueError, match="older size"):
            tree.consistency_proof(old)
        assert not verify_consistency(TreeHead(old, tree.root), TreeHead(5, tree.root), ())
    assert not verify_consistency(TreeHead(3, tree.root), TreeHead(5, tree.root), ())
    assert MerkleTree([]).root == EMPTY_ROOT


@pytest.mark.slow  # a million leaves
def test_a_million_entries_are_proved_in_time() -> None:
    leaves = [number.to_bytes(32, "big") for number in range(1_000_000)]
    begun = time.process_time()
    tree = MerkleTree(leaves)
    assert time.process_time() - begun < 10
    begun = time.process_time()
    for index in range(0, 1_000_000, 10_000):
        assert len(tree.inclusion_proof(index)) <= 20
        assert len(tree.consistency_proof(index + 1)) <= 21
    assert (time.process_time() - begun) / 200 < 0.001


def test_a_checkpoint_reads_back_and_nothing_else_does() -> None:
    text = checkpoint_text("shelterdesk/7f3a", 12481, EMPTY_ROOT)
    assert text == f"shelterdesk/7f3a\n12481\n{base64.b64encode(EMPTY_ROOT).decode()}\n"
    found = read_checkpoint(text)
    assert (found.origin, found.size, found.root) == ("shelterdesk/7f3a", 12481, EMPTY_ROOT)
    for wrong in (
        text[:-1],
        text + "\n",
        text.replace("12481", "012481"),
        text.replace("12481", "-1"),
        text.replace("12481", "١٢"),
        text.replace("=", ""),
        "\n" + text,
        "",
    ):
        with pytest.raises(ValueError, match="checkpoint"):
            read_checkpoint(wrong)


def test_a_signed_note_has_the_written_shape_and_reads_back() -> None:
    # Key and hash as in the example of the signed-note specification's reference package.
    text = "If you think cryptography is the answer to your problem,\nthen you don't know.\n"
    note = signed_note(text, "PeterNeumann", bytes.fromhex("c74f20a3"), b"s" * 64)
    line = "— PeterNeumann " + base64.b64encode(bytes.fromhex("c74f20a3") + b"s" * 64).decode()
    assert note == f"{text}\n{line}\n"
    both = cosigned_note(note, "auditor", b"abcd", b"t" * 64)
    found = read_note(both)
    assert found.text == text
    assert [(s.name, s.key_hash, s.signature) for s in found.signatures] == [
        ("PeterNeumann", bytes.fromhex("c74f20a3"), b"s" * 64),
        ("auditor", b"abcd", b"t" * 64),
    ]


def test_a_key_hash_is_the_specified_one() -> None:
    # The public key of the signed-note reference package: PeterNeumann+c74f20a3+...
    key = base64.b64decode("ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW")
    assert key[0] == 1
    assert key_hash("PeterNeumann", key[1:]).hex() == "c74f20a3"


@pytest.mark.parametrize(
    "wrong",
    [
        "",
        "text\n",
        "text\n\n",
        "text\n\n- a YWJjZGU=\n",
        "text\n\n— a YWJjZGU=",
        "text\n\n— a x\n",
    ],
)
def test_what_is_no_signed_note_is_refused(wrong: str) -> None:
    with pytest.raises(ValueError, match="not a sign"):
        read_note(wrong)


def test_a_note_cannot_be_made_wrong() -> None:
    with pytest.raises(ValueError, match="line break"):
        signed_note("text", "name", b"abcd", b"s")
    for name, short in (("two words", b"abcd"), ("a+b", b"abcd"), ("", b"abcd"), ("a", b"abc")):
        with pytest.raises(ValueError, match="name"):
            signed_note("text\n", name, short, b"s")
    for origin, size, root in (
        ("", 1, EMPTY_ROOT),
        ("a\nb", 1, EMPTY_ROOT),
        ("a", -1, EMPTY_ROOT),
    ):
        with pytest.raises(ValueError, match="checkpoint"):
            checkpoint_text(origin, size, root)
