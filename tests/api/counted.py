"""Says how many requests each address had, and fails where one that is described had none."""

import collections
import json
import sys

events, description = sys.argv[1:]
with open(description, encoding="utf-8") as document:
    paths = json.load(document)["paths"]
described = {f"{method.upper()} {path}" for path, methods in paths.items() for method in methods}
asked = collections.Counter()
with open(events, encoding="utf-8") as lines:
    for line in lines:
        for recorded in json.loads(line).get("ScenarioFinished", {}).get("recorder", {}).get("cases", {}).values():
            case = recorded["value"]
            asked[f"{case['method']} {case['path']}"] += 1
for operation in sorted(described):
    print(f"{asked[operation]:7} {operation}")
missing = sorted(operation for operation in described if not asked[operation])
if missing or not described:
    sys.exit(f"Nothing was asked of {', '.join(missing) or 'any address'}: that counts as failed.")
