// The check of a sample: fixed before the dice fell, drawn by them, and all of it here.
import { sha256 } from "@noble/hashes/sha2.js";
import { canonicalObject, concat, fromHex, same, toBytes, toHex, utf8 } from "./bytes.js";
import { disclosedEvents, merkleRoot } from "./log.js";
import { Refusal } from "./refusal.js";

const METHOD = "shelter-desk-sample/1";
const FOLDER = "data/15_sample_records/";
const LIST = `${FOLDER}list.jsonl`;

export function checkSample({ files, manifest }) {
  const here = [...files.keys()].filter((path) => path.startsWith(FOLDER)).sort();
  const { sample } = manifest;
  if (sample === null) {
    if (here.length) throw new Refusal("sample-not-drawn");
    return ["no-sample"];
  }
  const labels = openedLabels(sample, files.get(LIST));
  const wanted = [LIST, ...labels.map((label) => `${FOLDER}${label}.pdf`)].sort();
  if (here.join("\n") !== wanted.join("\n")) throw new Refusal("sample-other-records");
  checkSampleEvents(sample, files.get("audit/events.jsonl"));
  return ["sample-drawn", sample.wanted, sample.population, sample.fixed_event];
}

function openedLabels(sample, bytes) {
  if (sample.method !== METHOD) throw new Refusal("sample-method");
  const lines = readLines(bytes);
  const inOrder = lines.every((line, i) => i === 0 || lines[i - 1].hex < line.hex);
  const fits = lines.length === sample.population && inOrder;
  if (!fits || toHex(merkleRoot(lines.map((line) => line.leaf))) !== sample.root) {
    throw new Refusal("sample-list-differs");
  }
  const places = lines.flatMap((line, i) => (line.label === null ? [] : [i + 1]));
  if (places.join() !== drawn(sample).join()) throw new Refusal("sample-other-draw");
  return lines.flatMap(({ label }) => (label === null ? [] : [label]));
}

function drawn({ root, seed, population, wanted }) {
  const ranked = Array.from({ length: population }, (_, i) => {
    const rank = toHex(sha256(toBytes(`${METHOD}\n${root}\n${seed}\n${i + 1}\n`)));
    return { place: i + 1, rank };
  });
  ranked.sort((one, other) => (one.rank < other.rank ? -1 : 1));
  return ranked
    .slice(0, wanted)
    .map(({ place }) => place)
    .sort((one, other) => one - other);
}

function readLines(bytes) {
  try {
    const lines = utf8(bytes ?? new Uint8Array(0)).split("\n");
    if (lines.pop() !== "") throw new TypeError("cut");
    return lines.map(readLine);
  } catch {
    throw new Refusal("sample-unreadable");
  }
}

function readLine(line) {
  const value = canonicalObject(line);
  const leaf = fromHex(value.leaf);
  if (leaf.length !== 32) throw new TypeError("leaf");
  const keys = Object.keys(value).join();
  if (keys === "leaf") return { leaf, hex: value.leaf, label: null };
  const salt = fromHex(value.salt);
  const opened = canonicalObject(value.text);
  const proper =
    keys === "leaf,salt,text" &&
    salt.length === 16 &&
    Object.keys(opened).join() === "key,label" &&
    typeof opened.label === "string" &&
    /^[0-9A-HJKMNP-TV-Z]{5}$/.test(opened.label) &&
    same(sha256(concat(Uint8Array.of(0), salt, toBytes(value.text))), leaf);
  if (!proper) throw new TypeError("place");
  return { leaf, hex: value.leaf, label: opened.label };
}

function checkSampleEvents(sample, bytes) {
  const { root, seed, population, wanted, fixed_event: first, drawn_event: later } = sample;
  const shown = new Map(disclosedEvents(bytes).map((event) => [event.seq, event.value]));
  const fixed = shown.get(first);
  const dice = shown.get(later);
  if (!fixed || !dice || first >= later) throw new Refusal("sample-not-first");
  const fits =
    fixed.action === "sample.fix" &&
    fixed.reason === `${METHOD}:${root}:${population}` &&
    dice.action === "sample.draw" &&
    dice.reason === `${METHOD}:${root}:${wanted}:${seed}` &&
    fixed.object === dice.object;
  if (!fits) throw new Refusal("sample-of-other");
}
