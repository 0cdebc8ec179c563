// The form: file, words or key, fingerprint; and the language of the page.
import { runChecks } from "./checks.js";
import { LONGEST_HEADER, normaliseWords, sealedTo } from "./container.js";
import { keysIn, LONGEST_FILE } from "./keys.js";
import { drawOutcome } from "./page.js";
import { readFormer } from "./former.js";
import { Refusal } from "./refusal.js";
import { sentence } from "./text.js";

const find = (id) => document.getElementById(id);
const form = find("form");
const outcomePlace = find("outcome");
let language = (navigator.language ?? "en").toLowerCase().startsWith("es") ? "es" : "en";
let outcome = null;
let problem = null;
let kind = "words";

function drawPage() {
  document.documentElement.lang = language;
  document.title = sentence(language, "title");
  for (const place of document.querySelectorAll("[data-text]")) {
    place.textContent = sentence(language, place.dataset.text);
  }
  for (const button of document.querySelectorAll("[data-language]")) {
    button.setAttribute("aria-pressed", String(button.dataset.language === language));
  }
  countWords();
  drawProblem();
  drawKind();
  if (outcome) drawOutcome(outcomePlace, outcome, language);
}

function countWords() {
  // A few words of the list have a hyphen; only who types nothing but hyphens means spaces by it.
  const typed = find("words").value.trim();
  const apart = /\s/.test(typed) ? typed.split(/\s+/).map(normaliseWords) : normaliseWords(typed).split(" ");
  const count = apart.filter(Boolean).length;
  find("count").textContent = sentence(language, "words-so-far", count);
}

// A pack opens in one way only: the other is not asked for.
function drawKind() {
  const byKey = kind === "key";
  find("by-words").hidden = byKey;
  find("by-key").hidden = !byKey;
  find("sealed").textContent = byKey ? sentence(language, "sealed-to-key") : "";
}

function drawProblem() {
  find("problem").textContent = problem ? sentence(language, problem.key) : "";
  for (const id of ["file", "words", "key-file", "key", "after"]) {
    if (problem?.field === id) find(id).setAttribute("aria-invalid", "true");
    else find(id).removeAttribute("aria-invalid");
  }
}

function refuse(key, field) {
  problem = { key, field };
  drawProblem();
  find(field).focus();
}

async function open(event) {
  event.preventDefault();
  const file = find("file").files[0];
  const words = find("words").value;
  problem = null;
  drawProblem();
  clearOutcome();
  if (!file) return refuse("need-file", "file");
  if (!(await look(file))) return refuse("file-unreadable", "file");
  if (kind === "words" && !normaliseWords(words)) return refuse("need-words", "words");
  const keys = kind === "key" ? await readKeys() : [];
  if (!keys) return;
  const after = readFormer(find("after").value);
  if (after === undefined) return refuse("need-after", "after");
  const fingerprint = find("fingerprint").value;
  await whileBusy(() => check(file, { words, keys, fingerprint, after }));
}

// What the file itself says about how it opens; a file that is no pack is refused when it is opened.
async function look(file) {
  try {
    kind = sealedTo(new Uint8Array(await file.slice(0, LONGEST_HEADER).arrayBuffer()));
  } catch {
    return false;
  }
  drawKind();
  return true;
}

// What was pasted counts before the file, which may still stand there from an earlier try.
async function readKeys() {
  const pasted = find("key").value.trim();
  const file = find("key-file").files[0];
  const field = pasted || !file ? "key" : "key-file";
  if (!pasted && !file) return void refuse("need-key", "key-file");
  try {
    const text = pasted ? pasted.replace(/\s+/g, "\n") : await file.slice(0, LONGEST_FILE).text();
    return keysIn(text);
  } catch (error) {
    return void refuse(error instanceof Refusal ? error.key : "key-unreadable", field);
  }
}

async function check(file, typed) {
  let bytes;
  try {
    bytes = new Uint8Array(await file.arrayBuffer());
  } catch {
    return refuse("file-unreadable", "file");
  }
  try {
    outcome = await runChecks(bytes, typed, showProgress);
  } catch (error) {
    if (error instanceof RangeError) return refuse("no-memory", "file");
    throw error;
  }
  drawOutcome(outcomePlace, outcome, language);
  find("close-row").hidden = !outcome.ok;
  form.hidden = outcome.ok;
  if (outcome.ok) for (const id of ["words", "key", "key-file"]) find(id).value = "";
  find("verdict").focus();
}

function showProgress(part) {
  // Ten thousand steps are told; a bar has a hundred.
  const steps = Math.floor(part * 100) / 100;
  if (find("progress").value !== steps) find("progress").value = steps;
  if (part >= 1) find("status").textContent = sentence(language, "checking");
}

async function whileBusy(work) {
  const button = find("open");
  find("status").textContent = sentence(language, "opening");
  find("progress").hidden = false;
  button.disabled = true;
  try {
    await work();
  } finally {
    button.disabled = false;
    find("progress").hidden = true;
    find("progress").value = 0;
    find("status").textContent = "";
    document.body.dataset.checked = String(Number(document.body.dataset.checked ?? 0) + 1);
  }
}

function clearOutcome() {
  outcome = null;
  outcomePlace.replaceChildren();
}

form.addEventListener("submit", open);
find("file").addEventListener("change", () => {
  const file = find("file").files[0];
  if (file) look(file);
});
// Of an identity file the lines of comment are left out: one line has no place for them.
find("key").addEventListener("paste", (event) => {
  const lines = (event.clipboardData?.getData("text") ?? "").split(/[\r\n]+/);
  if (lines.length < 2) return;
  event.preventDefault();
  find("key").value = lines.filter((line) => line.trim() && !line.trim().startsWith("#")).join(" ");
});
find("words").addEventListener("input", countWords);
find("show").addEventListener("change", () => {
  find("words").type = find("show").checked ? "text" : "password";
});
find("close").addEventListener("click", () => location.reload());
for (const button of document.querySelectorAll("[data-language]")) {
  button.addEventListener("click", () => {
    language = button.dataset.language;
    drawPage();
  });
}
form.hidden = false;
drawPage();
