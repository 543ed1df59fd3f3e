"""Hold a Croissant description against mlcroissant, and read every record through it: ``python croissant.py croissant.json``.

Runs in the environment of the validators. mlcroissant imports jsonpath-rw, of which there is no built package, for fields that
are taken out of JSON; this data set has none, so an empty module stands in for it.
"""

import logging
import sys
import types

stand_in = types.ModuleType("jsonpath_rw")
stand_in.lexer = types.ModuleType("jsonpath_rw.lexer")
sys.modules["jsonpath_rw"] = stand_in

import mlcroissant  # noqa: E402

warnings: list[str] = []
handler = logging.Handler(logging.WARNING)
handler.emit = lambda record: warnings.append(record.getMessage())
logging.getLogger("absl").addHandler(handler)

described = mlcroissant.Dataset(sys.argv[1])  # raises for errors
issues = described.metadata.ctx.issues
print(*sorted({*warnings, *issues.errors, *issues.warnings}), sep="\n", file=sys.stderr)
for records in described.metadata.record_sets:
    print(records.uuid, sum(1 for _ in described.records(records.uuid)))
