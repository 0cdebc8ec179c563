// Draws what was found. Text is only ever set as text, never as markup.
import { disclosedEvents } from "./log.js";
import { countLines, readTable } from "./csv.js";
import { known, sentence } from "./text.js";

// What a young person can have signed for, beside the usual of their pack.
const PURPOSES = ["placement", "court", "payment"];
const FIRST_ROWS = 500;
const REPORT = "data/report.pdf"; // of all papers it is read first
const DEFINITIONS = "data/02_definitions.csv";
const EVENT_COLUMNS = ["seq", "utc_ms", "actor", "action", "object", "fields", "reason", "session"];
const FACTS =
  "export_id number created period purpose recipient legal_basis authority releasers expires deidentification " +
  "signer_fpr short_form app_version opener_sha256";
const MARKS = { true: "✓", false: "✗", null: "–" };
const STATES = { true: "passed", false: "refused", null: "not-reached" };

export function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (key.startsWith("on")) made.addEventListener(key.slice(2), value);
    else made.setAttribute(key, value);
  }
  made.append(...children);
  return made;
}

export function drawOutcome(place, outcome, language) {
  const say = (key, ...values) => sentence(language, key, ...values);
  const parts = [drawVerdict(outcome, say)];
  if (outcome.ok) parts.push(drawFacts(outcome, say, language));
  parts.push(drawChecks(outcome, say));
  if (outcome.ok) parts.push(drawContents(outcome, say, language));
  place.replaceChildren(...parts);
}

function drawVerdict(outcome, say) {
  const first = outcome.checks.find((check) => check.passed === false);
  const heading = element("h2", { tabindex: "-1", id: "verdict" });
  const box = element("section", { class: outcome.ok ? "verdict good" : "verdict bad" }, heading);
  if (outcome.ok) {
    heading.append(say("verdict-good"));
    const [signature, series] = ["signature", "series"].map((id) =>
      outcome.checks.find((check) => check.id === id),
    );
    box.append(
      element("p", {}, say("verdict-good-more", outcome.checks.length)),
      element("p", {}, say(signature.key === "expected-key" ? "maker-known" : "maker-open")),
      element("p", { id: "series" }, say(series.key, ...series.values)),
      drawWays(outcome.files, say),
    );
  } else {
    const closed = first.id === "container";
    const more = { "wrong-words": "wrong-words-more", "wrong-key": "wrong-key-more", damaged: "damaged-more" }[first.key];
    heading.append(say(closed ? "verdict-closed" : "verdict-bad"));
    box.append(
      element("p", { id: "reason" }, say(first.key, ...first.values)),
      element("p", {}, say(more ?? "refused-more")),
    );
  }
  return box;
}

// What most came for is one press away, and not below all that was checked.
function drawWays(files, say) {
  const down = element("button", { type: "button", id: "down" }, say("to-contents"));
  down.addEventListener("click", () => document.getElementById("contents").focus());
  if (!files.has(REPORT)) return element("p", {}, down);
  const read = element("button", { type: "button", id: "read", class: "main" }, say("read-report"));
  read.addEventListener("click", opening(files.get(REPORT)));
  return element("p", {}, read, " ", down);
}

function drawFacts({ manifest, checks }, say, language) {
  const root = checks.find((check) => check.id === "log-root");
  const { profile, k } = manifest.deidentification;
  const basis = manifest.legal_basis;
  const { authority } = manifest.release;
  const named = known(language, "profile", profile, profile);
  const values = {
    ...manifest,
    ...manifest.release,
    releasers: manifest.release.releasers.join(", "),
    number: String(manifest.series.number),
    created: manifest.created.replace("T", " ").replace("Z", ""),
    purpose: PURPOSES.reduce(
      (told, code) => known(language, "purpose", code, told),
      known(language, "purpose", profile, manifest.purpose),
    ),
    recipient: known(language, "recipient", profile, manifest.recipient),
    legal_basis: known(language, "basis", basis, basis),
    authority: known(language, "source", basis, authority),
    deidentification: k ? say("protected-by", named, k) : say("protected-by-profile", named),
    short_form: `${root.values[0].toLocaleString("en-US")} · ${root.values[1]}`,
  };
  const list = element("dl");
  for (const name of FACTS.split(" ")) {
    list.append(
      element("dt", {}, say(`fact-${name}`)),
      element("dd", { "data-fact": name, dir: "auto" }, values[name]),
    );
  }
  const note = element("p", {}, say("compare-sheet"));
  return element("section", {}, element("h2", {}, say("about-pack")), note, list);
}

function drawChecks({ checks }, say) {
  const list = element("ul", { class: "checks" });
  for (const { id, passed, key, values } of checks) {
    list.append(
      element(
        "li",
        { "data-check": id, "data-passed": String(passed), "data-why": key },
        element("span", { class: "mark", "aria-hidden": "true" }, MARKS[passed]),
        element(
          "span",
          {},
          element("strong", {}, `${say(STATES[passed])}: `),
          element("span", {}, `${say(`check-${id}`)}. `),
          element("span", { class: "detail" }, say(key, ...values)),
        ),
      ),
    );
  }
  const title = element("h2", {}, say("checks"));
  if (checks[0].passed) return element("section", {}, title, list);
  // Nothing could be looked at: one refusal says it all.
  return element("details", {}, element("summary", {}, say("checks")), list);
}

function drawContents({ files, manifest }, say, language) {
  const title = element("h2", { tabindex: "-1", id: "contents" }, say("contents"));
  const told = (key) => element("li", { id: key }, say(key));
  const notes = [...(language === "en" ? [] : ["in-english"]), "show-more", "save-more"];
  const section = element("section", {}, title, element("ul", {}, ...notes.map(told)));
  const meanings = meaningsOf(files.get(DEFINITIONS));
  const papers = [];
  const tables = [];
  const rest = [];
  for (const [path, name] of namesOf(manifest)) {
    const kind = path.endsWith(".csv") ? tables : path.endsWith(".pdf") ? papers : rest;
    kind.push([name, files.get(path)]);
  }
  // What a person reads first stands first: the report, then the samples.
  if (papers.length) {
    section.append(element("h3", {}, say("papers")));
    for (const [name, bytes] of papers) section.append(drawPaper(name, bytes, say));
    section.append(element("h3", {}, say("tables")));
  }
  for (const [name, bytes] of tables) section.append(drawTable(name, bytes, meanings.get(name), say));
  if (rest.length) {
    section.append(element("h3", {}, say("other-files")));
    for (const [name, bytes] of rest) section.append(drawSave(name, bytes, say));
  }
  section.append(drawEvents(files, manifest, say), drawReadme(files.get("README.txt"), say));
  return section;
}

// Path -> name on the page: with its folder, which tells a sample from a summary.
function namesOf(manifest) {
  const paths = manifest.files.map(({ path }) => path).filter((path) => path.startsWith("data/"));
  paths.sort((one, other) => (other === REPORT) - (one === REPORT));
  return new Map(paths.map((path) => [path, path.slice("data/".length)]));
}

// Name of a table -> what the pack itself says stands in it.
function meaningsOf(definitions) {
  const rows = definitions ? readTable(decode(definitions)) : [];
  const whole = rows.filter(([, column, meaning]) => column === "" && meaning);
  return new Map(whole.map(([file, , meaning]) => [`${file}.csv`, meaning]));
}

function drawTable(name, bytes, meaning, say) {
  const text = decode(bytes);
  const count = Math.max(countLines(text) - 1, 0);
  const [head = [], ...first] = readTable(text, FIRST_ROWS + 1);
  const rest = () => readTable(text).slice(FIRST_ROWS + 1);
  const summary = element("summary", {}, say(count === 1 ? "row-of" : "rows-of", name, count));
  const details = element("details", { "data-table": name, open: "" }, summary);
  if (meaning) details.append(element("p", { class: "meaning", lang: "en" }, meaning));
  const lines = scrolling(name, head, { first, rest, count }, say);
  lines[0].querySelector("table").lang = "en"; // whatever the page speaks
  if (count === 0) lines.push(element("p", {}, say("no-rows")));
  details.append(...lines, drawSave(name, bytes, say));
  return details;
}

function scrolling(name, head, { first, rest, count }, say) {
  const lines = element("tbody");
  const draw = (rows) => rows.forEach((row) => lines.append(drawRow(row, "td")));
  draw(first);
  const table = element(
    "table",
    {},
    element("caption", {}, name),
    element("thead", {}, drawRow(head, "th")),
    lines,
  );
  // The box can be scrolled by keyboard only if it can be reached by keyboard.
  const box = element("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": name });
  box.append(table);
  if (count <= FIRST_ROWS) return [box];
  const note = element("p", { role: "status" }, say("rows-shown", FIRST_ROWS, count));
  const more = element("button", { type: "button" }, say("show-all"));
  more.addEventListener("click", () => {
    draw(rest());
    note.textContent = say("rows-of", name, count);
    more.remove();
    box.focus();
  });
  return [box, note, more];
}

function drawRow(cells, kind) {
  const attributes = kind === "th" ? { scope: "col", dir: "auto" } : { dir: "auto" };
  return element("tr", {}, ...cells.map((cell) => element(kind, attributes, cell)));
}

function drawPaper(name, bytes, say) {
  const line = drawSave(name, bytes, say);
  const attributes = { type: "button", "aria-describedby": "show-more" };
  const button = element("button", attributes, say("show-paper", name));
  button.addEventListener("click", opening(bytes));
  line.prepend(button, " ");
  return line;
}

function opening(bytes) {
  let address = "";
  return () => {
    address ||= URL.createObjectURL(new Blob([bytes], { type: "application/pdf" }));
    element("a", { href: address, target: "_blank" }).click();
  };
}

function drawSave(name, bytes, say) {
  const attributes = { type: "button", class: "quiet", "aria-describedby": "save-more" };
  const button = element("button", attributes, say("save", name));
  button.addEventListener("click", () => {
    const address = URL.createObjectURL(new Blob([bytes], { type: "application/octet-stream" }));
    const link = element("a", { href: address, download: name.replaceAll("/", "-") });
    link.click();
    setTimeout(() => URL.revokeObjectURL(address), 60_000);
  });
  return element("p", { class: "save" }, button);
}

function drawEvents(files, manifest, say) {
  const events = disclosedEvents(files.get("audit/events.jsonl")).map((event) => event.value);
  const title = say("events-title", events.length, manifest.audit.size);
  const head = EVENT_COLUMNS.map((name) => say(`event-${name}`));
  const body = events.map((event) => EVENT_COLUMNS.map((name) => eventCell(name, event[name])));
  const details = element("details", { "data-table": "events" }, element("summary", {}, title));
  const rest = () => body.slice(FIRST_ROWS);
  const lines = { first: body.slice(0, FIRST_ROWS), rest, count: body.length };
  details.append(...scrolling(title, head, lines, say));
  return details;
}

function eventCell(name, value) {
  if (name === "utc_ms" && Number.isSafeInteger(value)) {
    const at = new Date(value);
    if (!Number.isNaN(at.getTime())) return at.toISOString().slice(0, 19).replace("T", " ");
  }
  if (Array.isArray(value)) return value.join(", ");
  return value === undefined || value === null ? "" : String(value);
}

function drawReadme(bytes, say) {
  const details = element("details", {}, element("summary", {}, say("readme-title")));
  details.append(element("pre", { tabindex: "0", lang: "en" }, decode(bytes)));
  return details;
}

const decode = (bytes) => new TextDecoder().decode(bytes);
