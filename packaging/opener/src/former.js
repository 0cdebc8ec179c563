// What a reader still has of the pack before: the line of the audit log on its paper sheet.
import { shortForm } from "./bytes.js";
import { leavesOf, merkleRoot } from "./log.js";
import { Refusal } from "./refusal.js";

const TYPED = /^(?:LOG)?([0-9]{1,15})([0-9A-HJKMNP-TV-Z]{16})$/;

// -> {size, short}, null where nothing was typed, undefined where it cannot be such a line
export function readFormer(typed) {
  const signs = (typed.toUpperCase().match(/[\p{L}\p{N}]/gu) ?? []).join("");
  if (!signs) return null;
  const found = TYPED.exec(signs);
  return found ? { size: Number(found[1]), short: found[2].match(/..../g).join(" ") } : undefined;
}

// An old pack is whole and signed: only its number, and what a reader kept, can tell it.
export function checkSeries({ files, manifest }, after) {
  if (after) {
    const leaves = leavesOf({ files });
    if (after.size > leaves.length) throw new Refusal("older-pack", leaves.length, after.size);
    if (shortForm(merkleRoot(leaves.slice(0, after.size))) !== after.short) {
      throw new Refusal("other-past", after.size);
    }
  }
  const { number, former } = manifest.series;
  const made = manifest.created.slice(0, 10);
  if (former === null) return ["first-pack", made];
  return ["pack-number", number, made, former.export_id, former.date];
}
