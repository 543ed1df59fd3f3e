"""What the columns and codes mean: reads data/datapackage.json, the single truth about them, and words the codebook."""

import json
from functools import lru_cache

from analysis.values import paths

CLAIM_TABLES = ("steps", "payments", "transfers", "tallies")
TABLES = ("sources", "arrangements", *CLAIM_TABLES)
READINGS = "readings"  # what two readers coded blind: about the coding, not about the world
LADDER = ("named", "asked", "in_talks", "willing", "agreed", "signed", "received")
OFF_LADDER = ("declined", "no_answer", "halted", "ended", "unclear")
MAX_WORDING = 8


@lru_cache(maxsize=1)
def package():
    """The Data Package descriptor as a dict."""
    return json.loads((paths.DATA / "datapackage.json").read_text(encoding="utf-8"))


@lru_cache(maxsize=16)
def fields(table):
    """Column name → Table Schema field of ``table``, in file order. ``KeyError`` for an unknown table."""
    resource = {r["name"]: r for r in package()["resources"]}[table]
    return {field["name"]: field for field in resource["schema"]["fields"]}


def columns(table):
    return list(fields(table))


def codes(table, column):
    """Code → label of a coded column, in the order of the codebook (for steps: the order of the ladder)."""
    return {c["value"]: c["label"] for c in fields(table)[column].get("categories", [])}


def label(table, column, code):
    """The label of a code; a blank or unknown code is given back as it is."""
    return codes(table, column).get(code, code)


def page():
    """The codebook as Markdown: every table, column, rule and code, from the descriptor alone."""
    out = [
        "# Codebook",
        "",
        f"{package()['description']}",
        "",
        "Generated from `data/datapackage.json` by `make codebook`; do not edit. How to choose a code: `CODING.md`.",
    ]
    for resource in package()["resources"]:
        schema = resource["schema"]
        out += ["", f"## {resource['path']}", "", f"{resource['description']}", ""]
        out += ["| column | type | rule | meaning |", "|---|---|---|---|"]
        out += [
            f"| `{field['name']}` | {field['type']} | {_rule(field, schema)} | {field['description']} |"
            for field in schema["fields"]
        ]
        for field in schema["fields"]:
            if "categories" in field:
                out += [
                    "",
                    f"### {resource['name']}.{field['name']}",
                    "",
                    "| code | label | meaning |",
                    "|---|---|---|",
                ]
                out += [f"| `{c['value']}` | {c['label']} | {c['description']} |" for c in field["categories"]]
    return "\n".join(out) + "\n"


def _rule(field, schema):
    constraints = field.get("constraints", {})
    rules = ["required"] if constraints.get("required") else []
    if constraints.get("unique"):
        rules.append("unique")
    if "minimum" in constraints:
        rules.append(f"at least {constraints['minimum']}")
    if "pattern" in constraints:
        rules.append("pattern `" + constraints["pattern"].replace("|", "\\|") + "`")
    if "enum" in constraints:
        rules.append("code")
    keys = [key for key in schema.get("foreignKeys", []) if field["name"] == key["fields"]]
    rules += [f"found in {key['reference']['resource']}" for key in keys]
    return ", ".join(rules) or "optional"
