"""Captions: what a person might type for a picture of one concept."""
from concepts import CONCEPTS

# Words that change nothing in the picture, so that the model learns to look past them.
IDLE = (
    "cute nice beautiful little lovely funny happy simple colourful colorful pretty sweet "
    "cool single friendly bright shiny good great tasty fresh wild old new"
).split()

MAIN = ["a photo of {a}", "a photo of {a}", "{a}", "{n}", "a 3d {n}", "{a}, 3d style", "a picture of {a}", "an image of {a}"]
BY_STYLE = {
    "3d": MAIN,
    "flat": ["{a}, flat style", "a flat {n}", "a flat icon of {a}"],
    "noto": ["{a}, noto style", "a noto {n}", "a noto emoji of {a}"],
    "twemoji": ["{a}, twemoji style", "a twemoji {n}", "a twemoji emoji of {a}"],
    "streamline": ["{a}, streamline style", "a streamline {n}", "a streamline drawing of {a}"],
}


PAIRED = ["{a} and {b}", "{a} and {b}", "{a} next to {b}", "{a} beside {b}", "{n} and {m}"]


def article(words):
    if words[-1] == "s" and words[-2:] not in ("ss", "us", "is"):
        return words  # a plural
    return ("an " if words[0] in "aeiou" and not words.startswith("uni") else "a ") + words


def gibberish(rng):
    return "".join(chr(97 + c) for c in rng.integers(0, 26, rng.integers(2, 9)))


def name_of(rng, concept):
    c = CONCEPTS[concept]
    if c["aliases"] and rng.random() < 0.15 * min(len(c["aliases"]), 2):
        return c["aliases"][rng.integers(len(c["aliases"]))]
    return c["name"]


def setting(rng, colour):
    """Where it stands: often nothing is said."""
    if not colour or rng.random() >= 0.4:
        return ""
    tail = ["on {} background", "on {} background", "with {} background", "in front of {} background"]
    return " " + tail[rng.integers(4)].format(article(colour))


def pair_caption(rng, left, right, style, colour):
    """For a picture of two things side by side."""
    n, m = name_of(rng, left), name_of(rng, right)
    text = PAIRED[rng.integers(len(PAIRED))].format(a=article(n), b=article(m), n=n, m=m)
    if style != "3d":
        text = f"{text}, {style} style"
    elif rng.random() < 0.5:
        text = f"a photo of {text}"
    return text + setting(rng, colour)


def caption(rng, concept, style, colour, scale):
    noun = name_of(rng, concept)
    if rng.random() < 0.12:
        noun = f"{IDLE[rng.integers(len(IDLE))]} {noun}"
    if rng.random() < 0.15 and scale < 0.77:
        noun = f"small {noun}"
    elif rng.random() < 0.15 and scale > 0.91:
        noun = f"{'large' if rng.random() < 0.5 else 'big'} {noun}"
    if rng.random() < 0.03:
        noun = f"{gibberish(rng)} {noun}"
    forms = BY_STYLE[style]
    text = forms[rng.integers(len(forms))].format(a=article(noun), n=noun)
    text += setting(rng, colour)
    if rng.random() < 0.03:
        text += " " + gibberish(rng)
    return text
