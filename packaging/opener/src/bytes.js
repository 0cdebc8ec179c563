// Bytes and their spellings.
import { sha256 } from "@noble/hashes/sha2.js";

const MOST_DEPTH = 32;

export const utf8 = (bytes) => new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
// One throw of a loop, not `every` with a function for each of a million bytes.
export function isZero(bytes) {
  for (let i = 0; i < bytes.length; i++) if (bytes[i]) return false;
  return true;
}

// The browser's own, which is many times as fast; not every browser offers it to a page from a file.
export async function fileHash(bytes) {
  if (globalThis.crypto?.subtle === undefined) return toHex(sha256(bytes));
  return toHex(new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)));
}

export const toBytes = (text) => new TextEncoder().encode(text);
export const toHex = (bytes) => Array.from(bytes, (b) => b.toString(16).padStart(2, "0")).join("");
export const same = (a, b) => a.length === b.length && a.every((byte, i) => byte === b[i]);

export function fromHex(text) {
  if (!/^(?:[0-9a-f]{2})*$/.test(text)) throw new TypeError("hex");
  return Uint8Array.from(text.match(/../g) ?? [], (pair) => parseInt(pair, 16));
}

export function fromBase64(text) {
  const bytes = Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
  if (toBase64(bytes) !== text) throw new TypeError("base64");
  return bytes;
}

export const toBase64 = (bytes) => btoa(String.fromCharCode(...bytes));

export function concat(...parts) {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

// The first 80 bits in Crockford's base32, in four groups, as on the paper sheet.
export function shortForm(digest) {
  let number = 0n;
  for (const byte of digest.subarray(0, 10)) number = (number << 8n) | BigInt(byte);
  const digits = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
  let text = "";
  for (let i = 15n; i >= 0n; i--) text += digits[Number((number >> (5n * i)) & 31n)];
  return text.match(/..../g).join(" ");
}

// JSON with sorted keys and no spaces: the only spelling that is accepted. Nothing is taken that the
// program would read in another way: no fractions, no numbers that are rounded here, no half letters
// (they throw), nothing that is nested too deep (it throws).
export function canonical(value, left = MOST_DEPTH) {
  if (typeof value === "number") return Number.isSafeInteger(value) ? String(value) : "?";
  if (typeof value === "string") return spelt(value);
  if (value === null || typeof value !== "object") return JSON.stringify(value);
  if (left === 0) throw new TypeError("too deep");
  if (Array.isArray(value)) return `[${value.map((part) => canonical(part, left - 1)).join(",")}]`;
  const keys = Object.keys(value).sort(byPoint);
  return `{${keys.map((key) => `${spelt(key)}:${canonical(value[key], left - 1)}`).join(",")}}`;
}

function spelt(text) {
  if (/\p{Surrogate}/u.test(text)) throw new TypeError("half a letter");
  return JSON.stringify(text);
}

// By letters, as the program sorts; `sort` alone goes by halves of letters.
function byPoint(one, other) {
  const [a, b] = [[...one], [...other]];
  for (let i = 0; i < a.length && i < b.length; i++) {
    if (a[i] !== b[i]) return a[i].codePointAt(0) - b[i].codePointAt(0);
  }
  return a.length - b.length;
}

export const isCount = (value) => Number.isSafeInteger(value) && value >= 0;
export const isObject = (value) =>
  value !== null && typeof value === "object" && !Array.isArray(value);

export function canonicalObject(text) {
  const value = JSON.parse(text);
  if (!isObject(value) || canonical(value) !== text) throw new TypeError("not canonical");
  return value;
}
