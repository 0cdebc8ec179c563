// The form: file, words, fingerprint; and the language of the page.
import { runChecks } from "./checks.js";
import { normaliseWords } from "./container.js";
import { drawOutcome } from "./page.js";
import { readFormer } from "./former.js";
import { sentence } from "./text.js";

const find = (id) => document.getElementById(id);
const form = find("form");
const outcomePlace = find("outcome");
let language = (navigator.language ?? "en").toLowerCase().startsWith("es") ? "es" : "en";
let outcome = null;
let problem = null;

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
  if (outcome) drawOutcome(outcomePlace, outcome, language);
}

function countWords() {
  // A few words of the list have a hyphen; only who types nothing but hyphens means spaces by it.
  const typed = find("words").value.trim();
  const apart = /\s/.test(typed) ? typed.split(/\s+/).map(normaliseWords) : normaliseWords(typed).split(" ");
  const count = apart.filter(Boolean).length;
  find("count").textContent = sentence(language, "words-so-far", count);
}

function drawProblem() {
  find("problem").textContent = problem ? sentence(language, problem.key) : "";
  for (const id of ["file", "words", "after"]) {
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
  if (!normaliseWords(words)) return refuse("need-words", "words");
  const after = readFormer(find("after").value);
  if (after === undefined) return refuse("need-after", "after");
  const fingerprint = find("fingerprint").value;
  await whileBusy(() => check(file, { words, fingerprint, after }));
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
  if (outcome.ok) find("words").value = "";
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
