"""The proof that a command leaves behind, made by hand with the same libraries.

The rows that the rival writes hold a sealed detail, a salted leaf, the head of a chain and a
signature, and a line in a file beside the store says how far the chain goes. The rival is given
them ready made. This makes them, so that the price of the proof and the price of the desk can be
told apart: random salts, canonical JSON of the detail, AES-256-GCM, SHA-256 of detail, leaf and
head, Ed25519, and a line with its HMAC in one write.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from rival import Written


class Prover:
    """Keys and a witness file of its own."""

    def __init__(self, folder: Path) -> None:
        self._vault = os.urandom(16)
        self._cipher = AESGCM(os.urandom(32))
        self._signer = Ed25519PrivateKey.generate()
        self._seal = hmac.new(os.urandom(32), digestmod="sha256")
        self._head = bytes(32)
        flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT
        self._witness = os.open(folder / "by-hand.log", flags, 0o600)

    def prove(self, what: Written) -> bytes:
        """Make the proof of one command; return its signature."""
        (event,) = (values for sql, values in what.statements if "INTO audit_event" in sql)
        rows = [list(values) for sql, values in what.statements if "INTO audit_" not in sql]
        body = json.dumps(rows, separators=(",", ":"), default=bytes.hex).encode()
        nonce, salt = os.urandom(12), os.urandom(16)
        sealed = nonce + self._cipher.encrypt(nonce, body, self._vault)
        detail = hashlib.sha256(b"\x02" + salt + sealed).hexdigest()
        return self._sign(event, detail)

    def close(self) -> None:
        """Close the witness file."""
        os.close(self._witness)

    def _sign(self, event: tuple[Any, ...], detail: str) -> bytes:
        seq, text = event[:2]
        spelled = json.dumps({"seq": seq, "text": text, "detail": detail}, sort_keys=True)
        leaf = hashlib.sha256(b"\x00" + os.urandom(16) + spelled.encode()).digest()
        self._head = hashlib.sha256(b"\x01" + self._head + leaf).digest()
        signature = self._signer.sign(self._vault + seq.to_bytes(8, "big") + self._head)
        line = f"1 {seq} {self._head.hex()}"
        seal = self._seal.copy()
        seal.update(line.encode())
        os.write(self._witness, f"{line} {seal.hexdigest()}\n".encode())
        return signature
