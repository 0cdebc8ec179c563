// Reads the signed list of contents and checks every field of it.
import { sha256 } from "@noble/hashes/sha2.js";
import { isSafePath } from "./archive.js";
import { canonical, fromBase64, isCount, isObject, shortForm, utf8 } from "./bytes.js";
import { Refusal } from "./refusal.js";

export const FORMAT = "shelter-desk-pack/1";
const HASH = /^[0-9a-f]{64}$/;
const EXPORT_ID = /^[0-9A-HJKMNP-TV-Z]{8}$/;
const CODE = /^[A-Za-z0-9][A-Za-z0-9 ._/()-]{0,79}$/;
const MOMENT = /^2\d{3}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/;
const KEYS = {
  manifest:
    "app_version audit counts created deidentification export_id files format legal_basis " +
    "opener_sha256 period purpose recipient release samples series signer_fpr signer_pub",
  release: "authority expires releasers",
  audit: "head prev root size",
  prev: "date root size",
  deidentification: "k profile",
  sample: "drawn_event fixed_event method population root seed wanted",
  series: "former number",
  former: "date export_id sha256",
  file: "path sha256 size",
};

const isText = (value) => typeof value === "string" && value.length > 0 && [...value].length <= 500;
const isDay = (value) => isText(value) && isMoment(`${value}T00:00:00Z`);
const isMoment = (value) =>
  isText(value) &&
  MOMENT.test(value) &&
  !Number.isNaN(Date.parse(value)) &&
  new Date(value).toISOString() === value.replace("Z", ".000Z");
const matches = (rule) => (value) => isText(value) && rule.test(value);
const isBase64Key = (value) => {
  try {
    return fromBase64(value).length === 32;
  } catch {
    return false;
  }
};

export function readManifest(bytes) {
  const data = parse(bytes);
  if (data.format !== FORMAT) throw new Refusal("unknown-format");
  check(data, "files", Array.isArray);
  data.files.forEach(checkFile);
  const paths = data.files.map((file) => file.path);
  if (!paths.every((path, i) => i === 0 || paths[i - 1] < path)) throw new Refusal("not-in-order");
  checkFacts(data);
  checkSamples(data);
  checkSeries(data);
  checkAudit(data);
  check(data, "signer_pub", isBase64Key);
  if (data.signer_fpr !== shortForm(sha256(fromBase64(data.signer_pub)))) {
    throw new Refusal("other-fingerprint");
  }
  onlyKnownGroups(data);
  return data;
}

function parse(bytes) {
  let data, text, spelt;
  try {
    text = utf8(bytes);
    data = JSON.parse(text);
    spelt = canonical(data);
  } catch {
    throw new Refusal("list-unreadable");
  }
  if (!isObject(data) || spelt !== text) throw new Refusal("not-canonical");
  return data;
}

function checkFacts(data) {
  check(data, "deidentification", isObject);
  check(data, "counts", isObject);
  check(data, "export_id", matches(EXPORT_ID));
  check(data, "created", isMoment);
  check(data, "app_version", matches(CODE));
  check(data, "purpose", isText);
  check(data, "legal_basis", matches(CODE));
  check(data, "recipient", isText);
  check(data, "period", matches(CODE));
  for (const name of Object.keys(data.counts).sort()) {
    if (!CODE.test(name)) throw new Refusal("bad-entry", "counts");
    check(data.counts, name, isCount);
  }
  check(data.deidentification, "profile", matches(CODE));
  check(data.deidentification, "k", isCount);
  check(data, "opener_sha256", matches(HASH));
  checkRelease(data);
}

function checkRelease(data) {
  check(data, "release", isObject);
  const { release } = data;
  check(release, "authority", isText);
  check(release, "expires", isDay);
  check(release, "releasers", Array.isArray);
  const people = release.releasers;
  const areCodes = [1, 2].includes(people.length) && people.every(matches(CODE));
  if (!areCodes || people[0] === people[1]) throw new Refusal("bad-entry", "releasers");
}

function checkAudit(data) {
  check(data, "audit", isObject);
  const { audit } = data;
  if ((audit.prev ?? null) !== null) {
    check(audit, "prev", isObject);
    check(audit.prev, "size", isCount);
    check(audit.prev, "root", matches(HASH));
    check(audit.prev, "date", isDay);
  }
  check(audit, "root", matches(HASH));
  check(audit, "head", matches(HASH));
  check(audit, "size", isCount);
}

function checkSamples(data) {
  check(data, "samples", Array.isArray);
  data.samples.forEach(checkSample);
  const methods = data.samples.map(({ method }) => method);
  if (!methods.every((method, i) => i === 0 || methods[i - 1] < method)) {
    throw new Refusal("bad-entry", "samples");
  }
}

function checkSample(sample) {
  if (!isObject(sample)) throw new Refusal("bad-entry", "samples");
  check(sample, "method", matches(CODE));
  check(sample, "population", isCount);
  check(sample, "root", matches(HASH));
  check(sample, "wanted", (value) => isCount(value) && value <= sample.population);
  check(sample, "seed", matches(CODE));
  check(sample, "fixed_event", isCount);
  check(sample, "drawn_event", isCount);
}

function checkSeries(data) {
  check(data, "series", isObject);
  const { series } = data;
  const former = series.former ?? null;
  if (former !== null) {
    check(series, "former", isObject);
    check(former, "export_id", matches(EXPORT_ID));
    check(former, "date", isDay);
    check(former, "sha256", matches(HASH));
  }
  check(series, "number", isCount);
  if (series.number < 1 || (series.number === 1) !== (former === null)) {
    throw new Refusal("bad-entry", "number");
  }
}

function checkFile(file) {
  if (!isObject(file)) throw new Refusal("bad-entry", "files");
  check(file, "path", isText);
  if (!isSafePath(file.path) || ["manifest.json", "manifest.sig"].includes(file.path)) {
    throw new Refusal("bad-entry", "files");
  }
  check(file, "size", isCount);
  check(file, "sha256", matches(HASH));
}

function check(data, key, rule) {
  if (!Object.hasOwn(data, key) || !rule(data[key])) throw new Refusal("bad-entry", key);
}

// Last of all, as the program does: whatever else is wrong is said first.
function onlyKnownGroups(data) {
  onlyKnown(data, KEYS.manifest);
  onlyKnown(data.deidentification, KEYS.deidentification);
  onlyKnown(data.release, KEYS.release);
  onlyKnown(data.audit, KEYS.audit);
  onlyKnown(data.audit.prev, KEYS.prev);
  data.samples.forEach((sample) => onlyKnown(sample, KEYS.sample));
  onlyKnown(data.series, KEYS.series);
  onlyKnown(data.series.former, KEYS.former);
  data.files.forEach((file) => onlyKnown(file, KEYS.file));
}

function onlyKnown(data, keys) {
  if (data === null) return;
  if (Object.keys(data).sort().join(" ") !== keys) throw new Refusal("unknown-entry");
}
