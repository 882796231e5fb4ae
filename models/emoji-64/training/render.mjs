// Render every concept in every style to a square RGBA sprite, 128 pixels a side unless another number is given.
//
//   node render.mjs table.json path/to/node_modules out-folder [side]
//
// Writes sprites.rgba (raw bytes, one sprite after another) and sprites.json.
// Icons that are no concept are rendered too (concept -1): they only teach the
// autoencoder, so that it can also reconstruct pictures outside the list.
import { createRequire } from "node:module";
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";

const [tableFile, modulesFolder, outFolder, side = "128"] = process.argv.slice(2);
const modules = resolve(modulesFolder);
const sharp = createRequire(join(modules, "x.js"))("sharp");
const { concepts, styles } = JSON.parse(readFileSync(tableFile, "utf8"));
const SIZE = Number(side);
const EXTRA_EVERY = 5; // one other icon in five of each vector set

const sets = Object.fromEntries(
  [
    ["fluent", "fluent-emoji"],
    ["flat", "fluent-emoji-flat"],
    ["noto", "noto"],
    ["twemoji", "twemoji"],
    ["streamline", "streamline-emojis"],
  ].map(([style, name]) => [
    style,
    JSON.parse(readFileSync(join(modules, "@iconify-json", name, "icons.json"), "utf8")),
  ]),
);

const folder3d = join(modules, "@lobehub", "fluent-emoji-3d", "assets");
function file3d(emoji) {
  const points = [...emoji].map((c) => c.codePointAt(0).toString(16).padStart(4, "0"));
  const names = [points, points.filter((p) => p !== "fe0f"), [...points, "fe0f"]];
  return names.map((n) => join(folder3d, `${n.join("-")}.webp`)).find(existsSync);
}

function svg(set, name) {
  let icon = set.icons[name];
  if (!icon && set.aliases?.[name]) icon = set.icons[set.aliases[name].parent];
  if (!icon) return null;
  const w = icon.width ?? set.width ?? 16;
  const h = icon.height ?? set.height ?? 16;
  const box = `${icon.left ?? 0} ${icon.top ?? 0} ${w} ${h}`;
  return Buffer.from(
    `<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" ` +
      `width="${SIZE}" height="${SIZE}" viewBox="${box}">${icon.body}</svg>`,
  );
}

/** Crop to what is drawn, then fit into the square, so that all styles are equally large. */
async function sprite(input) {
  const drawn = await sharp(input).ensureAlpha().png().toBuffer();
  const clear = { r: 0, g: 0, b: 0, alpha: 0 };
  const cropped = await sharp(drawn).trim({ background: clear, threshold: 8 }).toBuffer();
  return sharp(cropped)
    .resize(SIZE - 4, SIZE - 4, { fit: "contain", background: clear })
    .extend({ top: 2, bottom: 2, left: 2, right: 2, background: clear })
    .raw()
    .toBuffer();
}

const index = [];
const parts = [];
async function add(input, concept, style, name) {
  try {
    const pixels = await sprite(input);
    if (pixels.length !== SIZE * SIZE * 4) throw new Error(`bad size ${pixels.length}`);
    parts.push(pixels);
    index.push({ concept, style, name });
  } catch (error) {
    console.error(`skipped ${style} ${name}: ${error.message}`);
  }
}

const used = new Set();
for (const [i, c] of concepts.entries()) {
  for (const style of styles) {
    let input;
    if (style === "3d") input = file3d(c.emoji);
    else if (style === "streamline") input = c.streamline && svg(sets.streamline, c.streamline);
    else input = svg(sets[style], c.iconify);
    if (c.streamline) used.add(c.streamline);
    used.add(c.iconify);
    if (input) await add(input, i, style, c.name);
    else if (style !== "streamline" || c.streamline) console.error(`missing ${style} ${c.name}`);
  }
}
console.error(`${index.length} sprites of ${concepts.length} concepts`);

const dull = /skin-tone|flag|-button|clock|thirty|keycap|family|kiss|couple|letter-|input-|arrow/;
for (const [style, set] of Object.entries(sets)) {
  const names = Object.keys(set.icons).filter((n) => !dull.test(n) && !used.has(n)).sort();
  for (let k = 0; k < names.length; k += EXTRA_EVERY) {
    await add(svg(set, names[k]), -1, style, names[k]);
  }
}
const files = readdirSync(folder3d).filter((f) => !/1f3f[b-f]|200d|20e3|^1f1/.test(f)).sort();
for (let k = 0; k < files.length; k += 4) await add(join(folder3d, files[k]), -1, "3d", files[k]);

mkdirSync(outFolder, { recursive: true });
writeFileSync(join(outFolder, "sprites.rgba"), Buffer.concat(parts));
writeFileSync(join(outFolder, "sprites.json"), JSON.stringify({ size: SIZE, index }));
console.error(`${index.length} sprites in all`);
