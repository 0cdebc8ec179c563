// The secret key of a reader: read out of what they choose or paste, and what it opens.
import { chacha20poly1305 } from "@noble/ciphers/chacha.js";
import { x25519 } from "@noble/curves/ed25519.js";
import { hkdf } from "@noble/hashes/hkdf.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { bech32 } from "@scure/base";
import { concat, fromBase64, toBytes } from "./bytes.js";
import { Refusal } from "./refusal.js";

const SECRET = "AGE-SECRET-KEY-";
const LABEL = "age-encryption.org/v1/X25519";
const LOCKED = ["age-encryption.org/", "-----BEGIN AGE ENCRYPTED FILE-----"];
const OTHER = ["AGE-SECRET-KEY-PQ-", "AGE-PLUGIN-", "-----BEGIN ", "SSH-", "ECDSA-", "SK-"];
export const LONGEST_FILE = 65536;

// Text of an identity file of age -> secret keys of 32 bytes; or it is told what was given instead.
export function keysIn(text) {
  const lines = text.split(/\r\n|\r|\n/).map((line) => line.trim());
  const keys = lines.filter((line) => line && !line.startsWith("#")).map(keyIn);
  if (!keys.length) throw new Refusal("key-none");
  return keys;
}

function keyIn(line) {
  const big = line.toUpperCase();
  if (big.startsWith("AGE1")) throw new Refusal("key-public");
  if (LOCKED.some((start) => line.startsWith(start))) throw new Refusal("key-locked");
  if (OTHER.some((start) => big.startsWith(start))) throw new Refusal("key-other");
  if (!big.startsWith(`${SECRET}1`)) throw new Refusal("key-none");
  try {
    const { prefix, bytes } = bech32.decodeToBytes(line);
    if (line === big && prefix === SECRET.toLowerCase() && bytes.length === 32) return bytes;
  } catch {
    // Told below: nothing of a secret key is repeated.
  }
  throw new Refusal("key-mistyped");
}

// The library's own reader cannot tell another key from damage, and asks for the browser's X25519.
export class Keys {
  constructor(keys) {
    this.keys = keys;
  }

  unwrapFileKey([stanza]) {
    const share = fromBase64(`${stanza.args[1]}=`);
    const mine = this.keys.map((key) => x25519.getPublicKey(key));
    for (const [place, key] of this.keys.entries()) {
      // Throws for a share of small order, which would agree on one secret with everybody.
      const shared = x25519.getSharedSecret(key, share);
      const wrapping = hkdf(sha256, shared, concat(share, mine[place]), toBytes(LABEL), 32);
      try {
        return chacha20poly1305(wrapping, new Uint8Array(12)).decrypt(stanza.body);
      } catch {
        // It is not for this one; perhaps for the next.
      }
    }
    throw new Refusal("wrong-key", mine.map((one) => bech32.encodeFromBytes("age", one)).join(", "));
  }
}
