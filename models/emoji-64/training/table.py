"""Print the concept table as JSON for render.mjs (which cannot read Python)."""
import json

from concepts import CONCEPTS, STYLES

print(json.dumps(dict(concepts=CONCEPTS, styles=STYLES), ensure_ascii=False))
