import json
from pathlib import Path
answers = {row["quantity"]: row for row in json.loads(Path("api/v1/index.json").read_text(encoding="utf-8"))["answers"]}
print(*(int(answers[name]["best"]) for name in ("countries_received", "countries_agreed", "people_at_least", "usd_paid")))
