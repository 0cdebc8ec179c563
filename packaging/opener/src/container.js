// Opens the sealed container (age v1): sealed to words, or to the key of one reader.
import { Decrypter } from "age-encryption";
import { chacha20poly1305 } from "@noble/ciphers/chacha.js";
import { scryptAsync } from "@noble/hashes/scrypt.js";
import { concat, fromBase64, toBytes } from "./bytes.js";
import { Keys } from "./keys.js";
import { Refusal } from "./refusal.js";

const MOST_WORK = 20;
// How long the page may stand still while it works on the words: each pause draws it anew.
const BREATH_MS = 60;
// The two headers that the program makes; what is wrong with one is said before anything is tried.
const LETTERS = "[A-Za-z0-9+/]";
const header = (stanza) =>
  new RegExp(`^age-encryption\\.org/v1\n-> ${stanza}\n${LETTERS}{43}\n--- ${LETTERS}{43}\n`);
const TO_WORDS = header(`scrypt ${LETTERS}{22} [1-9][0-9]?`);
const TO_KEY = header(`X25519 ${LETTERS}{43}`);
export const LONGEST_HEADER = 256;
const LABEL = "age-encryption.org/v1/scrypt";

// Case, hyphens, commas and extra spaces do not matter to the person who types.
export const normaliseWords = (typed) =>
  (typed.normalize("NFKC").toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []).join(" ");

// The library's own reader of passphrases would freeze the page while it works; this one tells
// how far it is, and tells wrong words from damage.
class Words {
  constructor(words, progress) {
    this.words = words;
    this.progress = progress;
  }

  async unwrapFileKey(stanzas) {
    const [, salt, factor] = stanzas[0].args;
    if (Number(factor) > MOST_WORK) throw new Refusal("too-costly");
    const key = await scryptAsync(
      toBytes(this.words),
      concat(toBytes(LABEL), fromBase64(`${salt}==`)),
      { N: 2 ** Number(factor), r: 8, p: 1, dkLen: 32, asyncTick: BREATH_MS, onProgress: this.progress },
    );
    try {
      return chacha20poly1305(key, new Uint8Array(12)).decrypt(stanzas[0].body);
    } catch {
      throw new Refusal("wrong-words");
    }
  }
}

// First bytes of a file -> "words" or "key", which opens it; "" for what is no such pack.
export function sealedTo(bytes) {
  const start = String.fromCharCode(...bytes.subarray(0, LONGEST_HEADER));
  return TO_WORDS.test(start) ? "words" : TO_KEY.test(start) ? "key" : "";
}

export async function openContainer(bytes, { words, keys }, progress) {
  const kind = sealedTo(bytes);
  if (!kind) throw new Refusal("damaged");
  const decrypter = new Decrypter();
  decrypter.addIdentity(kind === "key" ? new Keys(keys) : new Words(normaliseWords(words), progress));
  try {
    return await decrypter.decrypt(bytes);
  } catch (error) {
    if (error instanceof Refusal) throw error;
    throw new Refusal("damaged");
  }
}
