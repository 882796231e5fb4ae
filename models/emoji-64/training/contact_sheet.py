"""Draw contact-sheet.png: every concept from several seeds, and some in every style."""
import argparse

from PIL import Image, ImageDraw

from captions import article
from concepts import CONCEPTS
from sampling import Pipeline


def sheet(rows, columns, cell=64, label=92):
    """rows: (label, pictures); laid out in that many columns of rows."""
    per = -(-len(rows) // columns)
    width = max(len(p) for _, p in rows) * cell + label
    page = Image.new("RGB", (width * columns, per * (cell + 2)), "white")
    draw = ImageDraw.Draw(page)
    for i, (text, pictures) in enumerate(rows):
        c, r = divmod(i, per)
        x, y = c * width, r * (cell + 2)
        draw.text((x + 4, y + cell // 2 - 6), text, fill="black")
        for k, p in enumerate(pictures):
            page.paste(p, (x + label + k * cell, y))
    return page


def main():
    p = argparse.ArgumentParser()
    p.add_argument("--model", required=True)
    p.add_argument("--out", required=True)
    p.add_argument("--seeds", type=int, default=6)
    p.add_argument("--guidance", type=float)
    p.add_argument("--steps", type=int)
    p.add_argument("--scheduler")
    p.add_argument("--only", nargs="*", help="names of concepts")
    p.add_argument("--cell", type=int, default=64, help="pixels of a picture's side, at most")
    p.add_argument("--form", default="a photo of {}")
    p.add_argument("--prompts", nargs="*", help="instead of concepts")
    a = p.parse_args()
    pipe = Pipeline(a.model)
    names = [c["name"] for c in CONCEPTS if not a.only or c["name"] in a.only]
    prompts = a.prompts or [a.form.format(article(n)) for n in names]
    labels = a.prompts or names
    seeds = list(range(a.seeds))
    pictures = pipe.many(
        [t for t in prompts for _ in seeds], seeds * len(prompts),
        guidance=a.guidance, steps=a.steps, scheduler=a.scheduler)
    cell = min(pictures[0].width, a.cell)
    pictures = [x.resize((cell, cell)) if x.width > cell else x for x in pictures]
    rows = [(n, pictures[i * a.seeds : (i + 1) * a.seeds]) for i, n in enumerate(labels)]
    label = 340 if a.prompts else 92 if max(map(len, labels)) < 15 else 170
    columns = 9 if len(rows) > 200 else 4 if len(rows) > 20 else 2 if len(rows) > 8 else 1
    sheet(rows, columns, cell, label).save(a.out, optimize=True, quality=82)


if __name__ == "__main__":
    main()
