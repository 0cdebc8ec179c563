// Opens the sealed container (age v1, passphrase).
import { Decrypter } from "age-encryption";
import { chacha20poly1305 } from "@noble/ciphers/chacha.js";
import { scryptAsync } from "@noble/hashes/scrypt.js";
import { concat, fromBase64, toBytes } from "./bytes.js";
import { Refusal } from "./refusal.js";

const MOST_WORK = 20;
// How long the page may stand still while it works on the words: each pause draws it anew.
const BREATH_MS = 60;
// The one header that the program makes; what is wrong with it is said before any word is tried.
const LETTERS = "[A-Za-z0-9+/]";
const HEADER = new RegExp(
  `^age-encryption\\.org/v1\n-> scrypt ${LETTERS}{22} [1-9][0-9]?\n${LETTERS}{43}\n--- ${LETTERS}{43}\n`,
);
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
    const [kind, salt, factor] = stanzas[0]?.args ?? [];
    const proper =
      stanzas.length === 1 &&
      stanzas[0].args.length === 3 &&
      kind === "scrypt" &&
      /^[A-Za-z0-9+/]{22}$/.test(salt) &&
      /^[1-9][0-9]?$/.test(factor) &&
      stanzas[0].body.length === 32;
    if (!proper) throw new Refusal("damaged");
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

export async function openContainer(bytes, words, progress) {
  if (!HEADER.test(String.fromCharCode(...bytes.subarray(0, 256)))) throw new Refusal("damaged");
  const decrypter = new Decrypter();
  decrypter.addIdentity(new Words(normaliseWords(words), progress));
  try {
    return await decrypter.decrypt(bytes);
  } catch (error) {
    if (error instanceof Refusal) throw error;
    throw new Refusal("damaged");
  }
}
