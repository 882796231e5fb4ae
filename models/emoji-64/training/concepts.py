"""The concepts a model draws: the everyday ones, or with CONCEPTS=everything in the environment all objects.

The table everything.tsv (name, emoji, Iconify name, group) is written by list_everything.mjs; the
everyday concepts keep their names, and nothing else answers to one of them.
"""
import os
from pathlib import Path

from everyday import ROWS

# "fluent" (the 3d set redrawn with gradients) teaches only the autoencoder.
STYLES = ["3d", "fluent", "flat", "noto", "twemoji", "streamline"]
DRAWN_STYLES = ["3d", "flat", "noto", "twemoji", "streamline"]

# What people say for what Unicode calls otherwise.
ALIASES = {
    "hot beverage": ["coffee", "cup of coffee"], "teacup without handle": ["tea", "cup of tea"],
    "beer mug": ["beer"], "wine glass": ["wine", "glass of wine"], "glass of milk": ["milk"],
    "cocktail glass": ["cocktail"], "birthday cake": ["cake"], "shortcake": ["slice of cake"],
    "french fries": ["fries", "chips"], "steaming bowl": ["noodles", "ramen"], "spaghetti": ["pasta"],
    "cookie": ["biscuit"], "chocolate bar": ["chocolate"], "candy": ["sweet"], "honey pot": ["honey"],
    "cheese wedge": ["cheese"], "cooking": ["fried egg"], "ear of corn": ["corn"], "hot pepper": ["chilli"],
    "locomotive": ["train", "steam train"], "high-speed train": ["bullet train"], "bicycle": ["bike"],
    "motorcycle": ["motorbike"], "fire engine": ["fire truck"], "delivery truck": ["truck", "lorry"],
    "flying saucer": ["ufo"], "snow-capped mountain": ["snowy mountain"], "beach with umbrella": ["beach"],
    "desert island": ["island"], "cityscape": ["city"], "office building": ["skyscraper"],
    "globe showing europe-africa": ["earth", "globe", "planet earth"], "ringed planet": ["planet", "saturn"],
    "high voltage": ["lightning bolt", "lightning"], "water wave": ["wave"], "fire": ["flame"],
    "droplet": ["drop of water"], "gem stone": ["diamond", "gem"], "soccer ball": ["football"],
    "trophy": ["winner's cup"], "teddy bear": ["teddy"], "joystick": ["arcade stick"],
    "video game": ["game controller", "gamepad"], "game die": ["dice"], "artist palette": ["palette"],
    "glasses": ["spectacles"], "t-shirt": ["shirt"], "necktie": ["tie"], "running shoe": ["sneaker", "trainer"],
    "high-heeled shoe": ["high heel"], "handbag": ["bag"], "backpack": ["rucksack"], "headphone": ["headphones"],
    "television": ["tv"], "mobile phone": ["phone", "smartphone"], "laptop": ["computer"], "closed book": ["book"],
    "books": ["stack of books"], "light bulb": ["lamp", "bulb"], "money bag": ["bag of money"],
    "alarm clock": ["clock"], "magnifying glass tilted left": ["magnifying glass"], "bathtub": ["bath"],
    "couch and lamp": ["sofa", "couch"], "baby chick": ["baby bird"], "mouse face": ["cartoon mouse"],
    "blossom": ["yellow flower"], "hibiscus": ["red flower", "flower"],
    "maple leaf": ["autumn leaf"], "herb": ["green plant"], "evergreen tree": ["fir tree", "pine tree"],
}


def everyday():
    return [dict(name=n, aliases=a, emoji=e, iconify=i, streamline=s, group=g) for n, a, e, i, s, g in ROWS]


def everything():
    concepts = everyday()
    taken = {c["emoji"] for c in concepts} | {word for c in concepts for word in [c["name"], *c["aliases"]]}
    for line in (Path(__file__).parent / "everything.tsv").read_text().splitlines():
        name, emoji, iconify, group = line.split("\t")
        if name not in taken and emoji not in taken:
            concepts.append(dict(name=name, aliases=ALIASES.get(name, []), emoji=emoji, iconify=iconify, streamline=None, group=group))
            taken |= {name, *ALIASES.get(name, [])}
    return concepts


CONCEPTS = dict(everyday=everyday, everything=everything)[os.environ.get("CONCEPTS", "everyday")]()
