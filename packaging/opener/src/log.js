// Checks of the audit log: leaves, chain, tree, checkpoint, events, proofs.
import { ed25519 } from "@noble/curves/ed25519.js";
import { sha256, sha512 } from "@noble/hashes/sha2.js";
import {
  canonicalObject,
  concat,
  fromBase64,
  fromHex,
  isCount,
  isObject,
  same,
  shortForm,
  toBytes,
  toHex,
  utf8,
} from "./bytes.js";
import { Refusal } from "./refusal.js";

const LEAF = Uint8Array.of(0);
const NODE = Uint8Array.of(1);
const DASH = "\u2014 ";
const node = (left, right) => sha256(concat(NODE, left, right));
const file = (pack, name) => pack.files.get(`audit/${name}`);

export function leavesOf(pack) {
  const joined = file(pack, "leaves.bin");
  return Array.from({ length: Math.ceil(joined.length / 32) }, (_, i) => joined.subarray(32 * i, 32 * i + 32));
}

export function merkleRoot(leaves) {
  if (leaves.length === 0) return sha256(new Uint8Array(0));
  let level = leaves;
  while (level.length > 1) {
    const above = [];
    for (let i = 0; i + 1 < level.length; i += 2) above.push(node(level[i], level[i + 1]));
    if (level.length % 2) above.push(level[level.length - 1]);
    level = above;
  }
  return level[0];
}

// Readers of Ed25519 differ on odd keys and signatures. The program takes no key of small order and
// makes its check without the factor eight, so both are looked for here too.
export function holds(key, signature, message) {
  try {
    return ed25519.verify(signature, message, key, { zip215: false }) && isExact(key, signature, message);
  } catch {
    return false;
  }
}

function isExact(key, signature, message) {
  const { Point } = ed25519;
  const commitment = signature.subarray(0, 32);
  const challenge = fromLittle(sha512(concat(commitment, key, message))) % Point.Fn.ORDER;
  const answer = Point.BASE.multiplyUnsafe(fromLittle(signature.subarray(32)));
  const found = answer.subtract(Point.fromBytes(key).multiplyUnsafe(challenge));
  return same(found.toBytes(), commitment);
}

const fromLittle = (bytes) => BigInt(`0x${toHex(Uint8Array.from(bytes).reverse())}`);

export function checkSize(pack) {
  const { size } = pack.manifest.audit;
  const { length } = file(pack, "leaves.bin");
  if (length !== 32 * size) throw new Refusal("log-cut", size, Math.floor(length / 32));
  return ["entries", size];
}

export function checkHead(pack) {
  let head = new Uint8Array(32);
  for (const leaf of leavesOf(pack)) head = node(head, leaf);
  if (toHex(head) !== pack.manifest.audit.head) throw new Refusal("chain-broken");
  return ["chain-whole"];
}

export function checkRoot(pack) {
  const root = merkleRoot(leavesOf(pack));
  if (toHex(root) !== pack.manifest.audit.root) throw new Refusal("seal-differs");
  return ["short-form", pack.manifest.audit.size, shortForm(root)];
}

export function checkCheckpoint(pack) {
  const { audit } = pack.manifest;
  const checkpoint = signedCheckpoint(pack);
  if (checkpoint.size !== audit.size || checkpoint.root !== audit.root) {
    throw new Refusal("other-log");
  }
  return ["log-of", checkpoint.origin];
}

function signedCheckpoint(pack) {
  let text, lines, parts, root, signatures;
  try {
    const note = utf8(file(pack, "checkpoint.txt"));
    const end = note.lastIndexOf("\n\n");
    if (end < 0 || !note.endsWith("\n")) throw new TypeError("note");
    text = note.slice(0, end + 1);
    lines = note.slice(end + 2, -1).split("\n");
    parts = text.split("\n");
    root = fromBase64(parts[2]);
    signatures = lines.map(readSignature);
    if (parts.length !== 4 || !parts[0] || !/^(0|[1-9]\d{0,14})$/.test(parts[1]) || root.length !== 32) {
      throw new TypeError("checkpoint");
    }
  } catch {
    throw new Refusal("checkpoint-unreadable");
  }
  const key = fromBase64(pack.manifest.signer_pub);
  const own = signatures.some(
    ({ name, hash, signature }) =>
      same(hash, sha256(concat(toBytes(`${name}\n`), NODE, key)).subarray(0, 4)) &&
      holds(key, signature, toBytes(text)),
  );
  if (!own) throw new Refusal("checkpoint-unsigned");
  return { origin: parts[0], size: Number(parts[1]), root: toHex(root) };
}

function readSignature(line) {
  const space = line.indexOf(" ", DASH.length);
  if (!line.startsWith(DASH) || space <= DASH.length) throw new TypeError("signature line");
  const data = fromBase64(line.slice(space + 1));
  if (data.length <= 4) throw new TypeError("signature line");
  const name = line.slice(DASH.length, space);
  return { name, hash: data.subarray(0, 4), signature: data.subarray(4) };
}

export function checkEarlier(pack) {
  const { prev } = pack.manifest.audit;
  if (prev === null) return ["no-earlier"];
  const leaves = leavesOf(pack);
  const differs =
    prev.size > leaves.length || toHex(merkleRoot(leaves.slice(0, prev.size))) !== prev.root;
  if (differs) throw new Refusal("past-changed", prev.size, prev.date);
  return ["past-same", prev.size, prev.date];
}

const leafOf = (event) => sha256(concat(LEAF, event.salt, toBytes(event.text)));

export function checkEvents(pack) {
  const leaves = leavesOf(pack);
  const events = disclosedEvents(file(pack, "events.jsonl"));
  let newest = 0;
  for (const event of events) {
    if (event.seq <= newest || event.seq > leaves.length) throw new Refusal("event-place", event.seq);
    if (!same(leafOf(event), leaves[event.seq - 1])) throw new Refusal("event-differs", event.seq);
    newest = event.seq;
  }
  return ["events-shown", events.length];
}

export function disclosedEvents(bytes) {
  let lines;
  try {
    lines = utf8(bytes).split("\n");
  } catch {
    throw new Refusal("events-unreadable");
  }
  if (lines.pop() !== "") throw new Refusal("events-cut");
  return lines.map((line, i) => {
    try {
      return readEvent(canonicalObject(line));
    } catch {
      throw new Refusal("event-unreadable", i + 1);
    }
  });
}

function readEvent(value) {
  const { seq, event } = value;
  const salt = fromHex(value.salt);
  const proper =
    Object.keys(value).length === 3 &&
    salt.length === 16 &&
    isCount(seq) &&
    canonicalObject(event).seq === seq;
  if (!proper) throw new TypeError("event");
  return { seq, salt, text: event, value: JSON.parse(event) };
}

export function checkProofs(pack) {
  const { size, root, prev } = pack.manifest.audit;
  const proofs = readProofs(file(pack, "proofs.json"));
  const events = disclosedEvents(file(pack, "events.jsonl"));
  const belongs =
    proofs.size === size &&
    proofs.root === root &&
    proofs.inclusion.length === events.length &&
    proofs.inclusion.every(({ seq }, i) => seq === events[i].seq);
  if (!belongs) throw new Refusal("proofs-of-other");
  const head = fromHex(root);
  proofs.inclusion.forEach(({ seq, path }, i) => {
    if (!includes(leafOf(events[i]), seq - 1, size, path, head)) throw new Refusal("proof-fails", seq);
  });
  checkConsistency(prev, { size, root: head }, proofs.consistency);
  return ["proofs-hold", events.length];
}

function readProofs(bytes) {
  try {
    const value = canonicalObject(utf8(bytes).replace(/\n$/, ""));
    const steps = (proof, number) => {
      if (!isObject(proof) || !isCount(proof[number])) throw new TypeError("proof");
      const path = proof.path.map(fromHex);
      if (path.some((step) => step.length !== 32)) throw new TypeError("step");
      return { ...proof, path };
    };
    const consistency = value.consistency === null ? null : steps(value.consistency, "size");
    if (!isCount(value.size)) throw new TypeError("size");
    fromHex(value.root);
    return { ...value, inclusion: value.inclusion.map((one) => steps(one, "seq")), consistency };
  } catch {
    throw new Refusal("proofs-unreadable");
  }
}

// RFC 9162, 2.1.3.2
function includes(leaf, index, size, path, root) {
  if (index < 0 || index >= size) return false;
  let [first, last, found] = [index, size - 1, leaf];
  for (const step of path) {
    if (last === 0) return false;
    if (first % 2 || first === last) {
      found = node(step, found);
      while (first % 2 === 0 && first) [first, last] = [first >>> 1, last >>> 1];
    } else {
      found = node(found, step);
    }
    [first, last] = [first >>> 1, last >>> 1];
  }
  return last === 0 && same(found, root);
}

function checkConsistency(prev, head, proof) {
  if (prev === null || prev.size === 0) {
    if (proof !== null) throw new Refusal("proofs-of-other");
    return;
  }
  const old = { size: prev.size, root: fromHex(prev.root) };
  if (proof === null || proof.size !== old.size || !extendsLog(old, head, proof.path)) {
    throw new Refusal("growth-fails");
  }
}

// RFC 9162, 2.1.4.2
function extendsLog(old, head, path) {
  if (old.size > head.size) return false;
  if (old.size === head.size) return path.length === 0 && same(old.root, head.root);
  const isPower = (old.size & (old.size - 1)) === 0;
  const [start, ...steps] = isPower ? [old.root, ...path] : path;
  if (start === undefined) return false;
  let [first, last] = [old.size - 1, head.size - 1];
  while (first % 2) [first, last] = [first >>> 1, last >>> 1];
  let [before, after] = [start, start];
  for (const step of steps) {
    if (last === 0) return false;
    if (first % 2 || first === last) {
      [before, after] = [node(step, before), node(step, after)];
      while (first % 2 === 0 && first) [first, last] = [first >>> 1, last >>> 1];
    } else {
      after = node(after, step);
    }
    [first, last] = [first >>> 1, last >>> 1];
  }
  return last === 0 && same(before, old.root) && same(after, head.root);
}
