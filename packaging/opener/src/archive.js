// Reads the archive inside a pack: plain USTAR and nothing else, so that nothing can hide in it.
import { concat, isZero, same, toBytes } from "./bytes.js";
import { Refusal } from "./refusal.js";

const BLOCK = 512;
const MOST_FILES = 1000;
const MOST_BYTES = 2 ** 31;
// Windows takes these names, with any ending, for devices: such a file cannot be unpacked there.
const DEVICE = "(?!(?:con|prn|aux|nul|com[0-9]|lpt[0-9])(?:[./]|$))";
const PART = `${DEVICE}[a-z0-9][a-z0-9_-]*(?:\\.[a-z0-9_-]+)*`;
const PATH = new RegExp(`^${PART}(?:/${PART})*$`, "i");
const LOG_BYTES = 64 << 20;
const LIST_BYTES = 16 << 20;
const MOST_KEPT = {
  "manifest.json": 1 << 20,
  "manifest.sig": 64,
  "audit/checkpoint.txt": 1 << 16,
  "audit/leaves.bin": LOG_BYTES,
  "audit/events.jsonl": LOG_BYTES,
  "audit/proofs.json": LOG_BYTES,
  "data/15_sample_records/list.jsonl": LIST_BYTES,
  "data/15_sample_incidents/list.jsonl": LIST_BYTES,
  "data/15_sample_staff/list.jsonl": LIST_BYTES,
};

export const isSafePath = (path) => path.length <= 100 && PATH.test(path);
const inBlocks = (size) => Math.ceil(size / BLOCK) * BLOCK;

export function paddedSize(size) {
  const exponent = Math.floor(Math.log2(size));
  const step = 2 ** (exponent - (Math.floor(Math.log2(exponent)) + 1));
  return Math.ceil(size / step) * step;
}

// path -> bytes, in the order of the archive
export function readArchive(bytes) {
  const files = new Map();
  const names = new Set();
  const folders = new Set();
  let [at, used] = [0, 0];
  for (;;) {
    const block = take(bytes, at, BLOCK);
    at += BLOCK;
    if (isZero(block)) break;
    const { path, size } = readHeader(block);
    if (names.size === MOST_FILES) throw new Refusal("too-many-files");
    used += BLOCK + inBlocks(size);
    if (used > MOST_BYTES) throw new Refusal("pack-too-large");
    const name = path.toLowerCase();
    const above = [...name.matchAll(/\//g)].map(({ index }) => name.slice(0, index));
    if (names.has(name)) throw new Refusal("twice", path);
    if (folders.has(name) || above.some((folder) => names.has(folder))) {
      throw new Refusal("in-the-way", path);
    }
    if (size > (MOST_KEPT[path] ?? Infinity)) throw new Refusal("too-large", path);
    names.add(name);
    above.forEach((folder) => folders.add(folder));
    files.set(path, take(bytes, at, size));
    if (!isZero(take(bytes, at + size, inBlocks(size) - size))) throw new Refusal("hidden-between");
    at += inBlocks(size);
  }
  if (files.size === 0) throw new Refusal("empty");
  if (!isZero(bytes.subarray(at))) throw new Refusal("hidden-after");
  if (bytes.length !== paddedSize(at + BLOCK)) throw new Refusal("wrong-size");
  return files;
}

function take(bytes, at, size) {
  if (at + size > bytes.length) throw new Refusal("cut-in-file");
  return bytes.subarray(at, at + size);
}

function readHeader(block) {
  const path = String.fromCharCode(...block.subarray(0, 100)).replace(/\0+$/, "");
  if (!isSafePath(path)) throw new Refusal("bad-name", path);
  const numbers = [block.subarray(124, 136), block.subarray(136, 148)].map((field) =>
    String.fromCharCode(...field),
  );
  if (!numbers.every((text) => /^[0-7]{11}\0$/.test(text))) throw new Refusal("no-size", path);
  const [size, modified] = numbers.map((text) => parseInt(text, 8));
  // Only the one header that the writer makes is taken: no links, no devices, no second name.
  if (!same(block, header(path, size, modified))) throw new Refusal("not-plain", path);
  return { path, size };
}

function header(path, size, modified) {
  const octal = (number, digits) => number.toString(8).padStart(digits, "0") + "\0";
  const text = (value, length) => concat(toBytes(value), new Uint8Array(length - value.length));
  const block = concat(
    text(path, 100),
    text(octal(0o600, 7) + octal(0, 7) + octal(0, 7), 24),
    text(octal(size, 11) + octal(modified, 11), 24),
    toBytes("        0"),
    text("", 100),
    toBytes("ustar\x0000"),
    text("", 247),
  );
  const sum = block.reduce((total, byte) => total + byte, 0);
  block.set(toBytes(sum.toString(8).padStart(6, "0") + "\0 "), 148);
  return block;
}
