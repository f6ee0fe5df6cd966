"""Says how many requests each address had and how many did what was asked; fails where one that is described had none."""

import collections
import json
import sys

events, description = sys.argv[1:]
with open(description, encoding="utf-8") as document:
    paths = json.load(document)["paths"]
described = {f"{method.upper()} {path}" for path, methods in paths.items() for method in methods}
asked = collections.Counter()
done = collections.Counter()
with open(events, encoding="utf-8") as lines:
    for line in lines:
        recorder = json.loads(line).get("ScenarioFinished", {}).get("recorder", {})
        for number, recorded in recorder.get("cases", {}).items():
            operation = "{method} {path}".format(**recorded["value"])
            asked[operation] += 1
            answer = recorder["interactions"].get(number, {}).get("response") or {}
            done[operation] += 200 <= answer.get("status_code", 0) < 300
for operation in sorted(described):
    print(f"{asked[operation]:7} {done[operation]:7} {operation}")
missing = sorted(operation for operation in described if not done[operation])
if missing or not described:
    sys.exit(f"Nothing was done by {', '.join(missing) or 'any address'}: that counts as failed.")
