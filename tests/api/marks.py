"""Puts the present marks into a description's examples: a write needs the mark of the image that was read, and its own key."""

import json
import sys
import urllib.request

site, description = sys.argv[1:]
# Each write has an image of its own, since the first one changes the mark.
WRITES = {
    ("/api/v1/images/{slug}/renewals", "post"): "python",
    ("/api/v1/images/{slug}/status", "put"): "net-sdk",
}
with open(description, encoding="utf-8") as document:
    described = json.load(document)
for (path, method), slug in WRITES.items():
    with urllib.request.urlopen(f"{site}/api/v1/images/{slug}") as answer:
        mark = answer.headers["ETag"]
    examples = {"slug": slug, "If-Match": mark, "Idempotency-Key": slug}
    for parameter in described["paths"][path][method]["parameters"]:
        if parameter["name"] in examples:
            parameter["example"] = examples[parameter["name"]]
with open(description, "w", encoding="utf-8") as document:
    json.dump(described, document)
