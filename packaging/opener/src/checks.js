// Runs every check in its fixed order; the same checks as the program's own `verify`.
import { readArchive } from "./archive.js";
import { fileHash, fromBase64 } from "./bytes.js";
import { openContainer } from "./container.js";
import { checkSeries } from "./former.js";
import * as log from "./log.js";
import { readManifest } from "./manifest.js";
import { Refusal } from "./refusal.js";
import { checkSamples } from "./sample.js";

const LOG_FILES = ["checkpoint.txt", "events.jsonl", "leaves.bin", "proofs.json"].map(
  (name) => `audit/${name}`,
);
const REQUIRED = ["manifest.json", "manifest.sig", "README.txt", ...LOG_FILES];
const LOG_CHECKS = {
  "log-size": log.checkSize,
  "log-head": log.checkHead,
  "log-root": log.checkRoot,
  checkpoint: log.checkCheckpoint,
  earlier: log.checkEarlier,
  events: log.checkEvents,
  proofs: log.checkProofs,
};
class NothingToCheck extends Error {}

// -> {ok, checks: [{id, passed: true | false | null, key, values}], files, manifest}
export async function runChecks(bytes, { words, keys, fingerprint, after }, progress) {
  const pack = { files: null, manifest: null };
  const checks = [];
  const step = async (id, needs, check) => {
    try {
      if (!needs()) throw new NothingToCheck();
      const [key, ...values] = await check();
      checks.push({ id, passed: true, key, values });
    } catch (error) {
      if (error instanceof NothingToCheck) checks.push({ id, passed: null, key: "not-checked", values: [] });
      else if (error instanceof Refusal) checks.push({ id, passed: false, key: error.key, values: error.values });
      else throw error;
    }
  };
  const always = () => true;
  const isRead = () => pack.files !== null;
  const isListed = () => pack.manifest !== null;
  const hasLog = () => isListed() && LOG_FILES.every((path) => pack.files.has(path));
  let plain = null;

  await step("container", always, async () => {
    plain = await openContainer(bytes, { words, keys }, progress);
    return ["opens"];
  });
  await step("archive", () => plain !== null, () => {
    pack.files = readArchive(plain);
    return ["files-here", pack.files.size];
  });
  await step("manifest", isRead, () => {
    if (!pack.files.has("manifest.json")) throw new Refusal("no-list");
    pack.manifest = readManifest(pack.files.get("manifest.json"));
    return ["pack-named", pack.manifest.export_id, pack.manifest.files.length];
  });
  await step("signature", isListed, () => checkSignature(pack, fingerprint));
  await step("files", isListed, () => checkFiles(pack));
  await step("complete", isListed, () => checkComplete(pack));
  for (const [id, check] of Object.entries(LOG_CHECKS)) await step(id, hasLog, () => check(pack));
  await step("sample", () => isListed() && pack.files.has("audit/events.jsonl"), () => checkSamples(pack));
  await step("series", hasLog, () => checkSeries(pack, after));
  return { ok: checks.every((check) => check.passed), checks, ...pack };
}

function checkSignature({ files, manifest }, expected) {
  const key = fromBase64(manifest.signer_pub);
  const signature = files.get("manifest.sig") ?? new Uint8Array(0);
  if (!log.holds(key, signature, files.get("manifest.json"))) throw new Refusal("list-changed");
  const wanted = expected.toUpperCase().replace(/[\s-]/g, "");
  if (!wanted) return ["compare-paper", manifest.signer_fpr];
  if (wanted !== manifest.signer_fpr.replaceAll(" ", "")) {
    throw new Refusal("other-key", manifest.signer_fpr);
  }
  return ["expected-key", manifest.signer_fpr];
}

async function checkFiles({ files, manifest }) {
  for (const { path, size, sha256: hash } of manifest.files) {
    const content = files.get(path);
    if (content && (content.length !== size || (await fileHash(content)) !== hash)) {
      throw new Refusal("file-changed", path);
    }
  }
  return ["hashes-agree"];
}

function checkComplete({ files, manifest }) {
  const listed = ["manifest.json", "manifest.sig", ...manifest.files.map((entry) => entry.path)];
  const missing = [...listed, ...REQUIRED].filter((path) => !files.has(path)).sort()[0];
  if (missing) throw new Refusal("file-missing", missing);
  const added = [...files.keys()].filter((path) => !listed.includes(path)).sort()[0];
  if (added) throw new Refusal("file-added", added);
  return ["as-listed", files.size];
}
