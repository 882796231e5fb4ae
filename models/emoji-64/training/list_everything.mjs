// Write everything.tsv: every emoji of an object, as unicode-emoji-json names it (MIT).
//
//   node list_everything.mjs path/to/node_modules > everything.tsv
//
// No faces, people, symbols, flags; no clock faces, which differ in a hand alone; only what all sets of
// icons but one at most have.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

const [modules] = process.argv.slice(2);
const read = (...path) => JSON.parse(readFileSync(join(modules, ...path), "utf8"));
const GROUPS = {
  "Animals & Nature": "animals",
  "Food & Drink": "food",
  "Travel & Places": "travel",
  Activities: "activities",
  Objects: "things",
};
const sets = ["fluent-emoji-flat", "noto", "twemoji"].map((name) => read("@iconify-json", name, "icons.json"));
const folder3d = join(modules, "@lobehub", "fluent-emoji-3d", "assets");

function has3d(emoji) {
  const points = [...emoji].map((c) => c.codePointAt(0).toString(16).padStart(4, "0"));
  const names = [points, points.filter((p) => p !== "fe0f"), [...points, "fe0f"]];
  return names.some((n) => existsSync(join(folder3d, `${n.join("-")}.webp`)));
}

for (const [emoji, { name, slug, group }] of Object.entries(read("unicode-emoji-json", "data-by-emoji.json"))) {
  if (!(group in GROUPS) || /o\u2019clock|thirty/.test(name)) continue;
  const iconify = slug.replaceAll("_", "-");
  const found = sets.filter((set) => set.icons[iconify] ?? set.aliases?.[iconify]).length;
  if (!has3d(emoji) || found < 2) continue;
  const plain = name.toLowerCase().replaceAll("\u2019", "'");
  process.stdout.write(`${plain}\t${emoji}\t${iconify}\t${GROUPS[group]}\n`);
}
