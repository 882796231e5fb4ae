"""The concepts the model draws, and the words its captions use for them.

Each row is: name, other names it answers to, emoji, Iconify name (shared by the
fluent, flat, noto and twemoji sets), and the name in the streamline set or None.
"""

ROWS = [
    # animals
    ("shark", [], "🦈", "shark", None, "animals"),
    ("cat", ["kitten"], "🐱", "cat-face", "cat-face", "animals"),
    ("dog", ["puppy"], "🐶", "dog-face", "dog-face", "animals"),
    ("fox", [], "🦊", "fox", "fox-face-1", "animals"),
    ("owl", [], "🦉", "owl", None, "animals"),
    ("whale", [], "🐳", "spouting-whale", "spouting-whale", "animals"),
    ("octopus", [], "🐙", "octopus", "octopus", "animals"),
    ("butterfly", [], "🦋", "butterfly", None, "animals"),
    ("penguin", [], "🐧", "penguin", "penguin-1", "animals"),
    ("turtle", ["tortoise"], "🐢", "turtle", "turtle", "animals"),
    ("frog", [], "🐸", "frog", "frog-face", "animals"),
    ("elephant", [], "🐘", "elephant", "elephant", "animals"),
    ("fish", ["tropical fish"], "🐠", "tropical-fish", "tropical-fish", "animals"),
    ("panda", [], "🐼", "panda", "panda-face", "animals"),
    ("pig", [], "🐷", "pig-face", "pig-face", "animals"),
    ("chick", [], "🐥", "front-facing-baby-chick", "baby-chick", "animals"),
    ("rabbit", ["bunny"], "🐰", "rabbit-face", None, "animals"),
    ("lion", [], "🦁", "lion", None, "animals"),
    ("tiger", [], "🐯", "tiger-face", None, "animals"),
    ("monkey", [], "🐵", "monkey-face", None, "animals"),
    ("bear", [], "🐻", "bear", None, "animals"),
    ("koala", [], "🐨", "koala", None, "animals"),
    ("unicorn", [], "🦄", "unicorn", None, "animals"),
    ("bee", ["honeybee"], "🐝", "honeybee", None, "animals"),
    ("ladybug", ["ladybird"], "🐞", "lady-beetle", None, "animals"),
    ("crab", [], "🦀", "crab", None, "animals"),
    ("snail", [], "🐌", "snail", None, "animals"),
    ("dinosaur", [], "🦕", "sauropod", None, "animals"),
    # plants
    ("rose", [], "🌹", "rose", "rose", "plants"),
    ("sunflower", [], "🌻", "sunflower", "sunflower-1", "plants"),
    ("cactus", [], "🌵", "cactus", "cactus-1", "plants"),
    ("mushroom", [], "🍄", "mushroom", "mushroom", "plants"),
    ("tulip", [], "🌷", "tulip", None, "plants"),
    ("tree", [], "🌳", "deciduous-tree", None, "plants"),
    ("palm tree", ["palm"], "🌴", "palm-tree", None, "plants"),
    # food
    ("apple", ["red apple"], "🍎", "red-apple", "red-apple", "food"),
    ("banana", [], "🍌", "banana", None, "food"),
    ("strawberry", [], "🍓", "strawberry", "strawberry-1", "food"),
    ("watermelon", [], "🍉", "watermelon", "watermelon-1", "food"),
    ("cherry", ["cherries"], "🍒", "cherries", "cherries", "food"),
    ("lemon", [], "🍋", "lemon", "lemon", "food"),
    ("avocado", [], "🥑", "avocado", None, "food"),
    ("pizza", ["slice of pizza"], "🍕", "pizza", "pizza-1", "food"),
    ("hamburger", ["burger"], "🍔", "hamburger", "hamburger-1", "food"),
    ("doughnut", ["donut"], "🍩", "doughnut", "doughnut-1", "food"),
    ("ice cream", [], "🍦", "soft-ice-cream", "soft-ice-cream-1", "food"),
    ("grapes", ["bunch of grapes"], "🍇", "grapes", None, "food"),
    ("pineapple", [], "🍍", "pineapple", None, "food"),
    ("carrot", [], "🥕", "carrot", None, "food"),
    ("cupcake", ["muffin"], "🧁", "cupcake", None, "food"),
    ("tangerine", ["mandarin"], "🍊", "tangerine", None, "food"),
    # travel
    ("rocket", ["spaceship"], "🚀", "rocket", "rocket", "travel"),
    ("car", ["red car"], "🚗", "automobile", "automobile", "travel"),
    ("sailboat", ["boat"], "⛵", "sailboat", "sailboat", "travel"),
    ("house", ["home"], "🏡", "house-with-garden", "house-with-garden", "travel"),
    ("airplane", ["plane"], "✈️", "airplane", None, "travel"),
    ("castle", [], "🏰", "castle", None, "travel"),
    # things
    ("balloon", [], "🎈", "balloon", "balloon", "things"),
    ("guitar", [], "🎸", "guitar", "guitar", "things"),
    ("umbrella", [], "☂️", "umbrella", "umbrella", "things"),
    ("heart", ["red heart"], "❤️", "red-heart", "heart-suit", "things"),
    ("star", ["yellow star"], "⭐", "star", None, "things"),
    ("moon", ["crescent moon"], "🌙", "crescent-moon", "crescent-moon", "things"),
    ("rainbow", [], "🌈", "rainbow", None, "things"),
    ("robot", [], "🤖", "robot", "robot-face-1", "things"),
    ("ghost", [], "👻", "ghost", "ghost", "things"),
    ("crown", [], "👑", "crown", None, "things"),
    ("gift", ["present"], "🎁", "wrapped-gift", None, "things"),
    ("bell", [], "🔔", "bell", None, "things"),
    ("snowman", [], "⛄", "snowman-without-snow", None, "things"),
    ("pumpkin", [], "🎃", "jack-o-lantern", None, "things"),
    ("sun", [], "🌞", "sun-with-face", None, "things"),
]

# "fluent" (the 3d set redrawn with gradients) teaches only the autoencoder.
STYLES = ["3d", "fluent", "flat", "noto", "twemoji", "streamline"]
DRAWN_STYLES = ["3d", "flat", "noto", "twemoji", "streamline"]

CONCEPTS = [
    dict(name=n, aliases=a, emoji=e, iconify=i, streamline=s, group=g)
    for n, a, e, i, s, g in ROWS
]
