// Builds resources/opener/OPEN-ME.html and LICENSES.txt; the same sources give the same bytes.
// `npm ci && npm run build`, or `npm run check` to compare with what is committed.
import { createHash } from "node:crypto";
import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const here = dirname(fileURLToPath(import.meta.url));
const target = resolve(here, "../../resources/opener");
const source = (name) => readFileSync(join(here, "src", name), "utf8");
const sha256 = (text) => `sha256-${createHash("sha256").update(text, "utf8").digest("base64")}`;

const bundled = await build({
  absWorkingDir: here,
  entryPoints: ["src/main.js"],
  bundle: true,
  minify: true,
  format: "iife",
  target: ["chrome100", "edge100", "firefox100", "safari16"],
  charset: "ascii",
  legalComments: "none",
  alias: { "@noble/post-quantum/hybrid.js": "./src/no-post-quantum.js" },
  metafile: true,
  write: false,
});
const script = bundled.outputFiles[0].text.trim();
if (/<\/script|<!--/i.test(script)) throw new Error("the script would end its own element");
const style = source("style.css").replace(/\s*\n\s*/g, "");
// Lets a test that has no Node.js see that the page was built from these sources.
const sources = createHash("sha256");
for (const name of ["build.mjs", "package-lock.json", ...readdirSync(join(here, "src")).sort().map((n) => `src/${n}`)]) {
  sources.update(`${name}\0`).update(readFileSync(join(here, name))).update("\0");
}
const fill = {
  sources: sources.digest("hex"),
  "script-hash": sha256(script),
  "style-hash": sha256(style),
  script,
  style,
};
const page = source("page.html").replace(/\{([a-z-]+)\}/g, (whole, name) => fill[name] ?? whole);

const packages = [
  ...new Set(
    Object.keys(bundled.metafile.inputs)
      .map((path) => /^node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1])
      .filter(Boolean),
  ),
].sort();
const licences = packages.map((name) => {
  const folder = join(here, "node_modules", name);
  const { version, license } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  const text = readFileSync(join(folder, "LICENSE"), "utf8").replace(/\r\n/g, "\n").trim();
  return `${name} ${version} (${license})\n${"-".repeat(60)}\n${text}\n`;
});
const notice =
  "OPEN-ME.html bundles the packages below. Its own part is under the licence of this project.\n\n";

const made = { "OPEN-ME.html": page, "LICENSES.txt": notice + licences.join("\n\n") };
for (const [name, text] of Object.entries(made)) {
  const path = join(target, name);
  if (!process.argv.includes("--check")) writeFileSync(path, text);
  else if (readFileSync(path, "utf8") !== text) throw new Error(`${name} is not what the sources give`);
  console.log(`${name}: ${Buffer.byteLength(text)} bytes, ${sha256(text)}`);
}
