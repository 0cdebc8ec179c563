// The check of a sample: fixed before the dice fell, drawn by them, and all of it here.
import { sha256 } from "@noble/hashes/sha2.js";
import { canonicalObject, concat, fromHex, same, toBytes, toHex, utf8 } from "./bytes.js";
import { disclosedEvents, merkleRoot } from "./log.js";
import { Refusal } from "./refusal.js";

// Method of a sample, which names its list -> the folder of its papers.
const METHOD = "shelter-desk-sample/1";
const FOLDERS = new Map([
  [METHOD, "data/15_sample_records/"],
  [`${METHOD}/incidents`, "data/15_sample_incidents/"],
  [`${METHOD}/staff`, "data/15_sample_staff/"],
]);
// Method of a sample -> the sentence about it.
const DRAWN = new Map([
  [METHOD, "sample-drawn"],
  [`${METHOD}/incidents`, "incidents-drawn"],
  [`${METHOD}/staff`, "staff-drawn"],
]);

export function checkSamples({ files, manifest }) {
  const { samples } = manifest;
  if (!samples.every(({ method }) => FOLDERS.has(method))) throw new Refusal("sample-method");
  for (const [method, folder] of FOLDERS) {
    const isStated = samples.some((sample) => sample.method === method);
    if (!isStated && pathsIn(files, folder).length) throw new Refusal("sample-not-drawn");
  }
  samples.forEach((sample) => checkSample(files, sample));
  if (samples.length === 0) return ["no-sample"];
  if (samples.length > 1) {
    return ["samples-drawn", samples.length, samples.reduce((sum, { wanted }) => sum + wanted, 0)];
  }
  const [{ method, wanted, population, fixed_event }] = samples;
  return [DRAWN.get(method), wanted, population, fixed_event];
}

const pathsIn = (files, folder) => [...files.keys()].filter((path) => path.startsWith(folder)).sort();

function checkSample(files, sample) {
  const folder = FOLDERS.get(sample.method);
  const list = `${folder}list.jsonl`;
  const labels = openedLabels(sample, files.get(list));
  const wanted = [list, ...labels.map((label) => `${folder}${label}.pdf`)].sort();
  if (pathsIn(files, folder).join("\n") !== wanted.join("\n")) throw new Refusal("sample-other-records");
  checkSampleEvents(sample, files.get("audit/events.jsonl"));
}

function openedLabels(sample, bytes) {
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

function drawn({ method, root, seed, population, wanted }) {
  const ranked = Array.from({ length: population }, (_, i) => {
    const rank = toHex(sha256(toBytes(`${method}\n${root}\n${seed}\n${i + 1}\n`)));
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
  const { method, root, seed, population, wanted, fixed_event: first, drawn_event: later } = sample;
  const shown = new Map(disclosedEvents(bytes).map((event) => [event.seq, event.value]));
  const fixed = shown.get(first);
  const dice = shown.get(later);
  if (!fixed || !dice || first >= later) throw new Refusal("sample-not-first");
  const fits =
    fixed.action === "sample.fix" &&
    fixed.reason === `${method}:${root}:${population}` &&
    dice.action === "sample.draw" &&
    dice.reason === `${method}:${root}:${wanted}:${seed}` &&
    fixed.object === dice.object;
  if (!fits) throw new Refusal("sample-of-other");
}
