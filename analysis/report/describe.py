"""What finds and cites the data: schema.org JSON-LD, Croissant, RO-Crate. Each says the same of the same files.

What belongs elsewhere: the files themselves (``dataset``, ``release``).

Typical use::

    describe.write(folder, ledger, "2026.09.30", runs)
"""

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from analysis import __version__
from analysis.ledger import Ledger, schema
from analysis.report import dataset
from analysis.views import answers

TITLE = "Third-Country Ledger"
LICENCE = "https://creativecommons.org/licenses/by/4.0/"
ABOUT = (
    "News-reported facts about arrangements under which the United States sends people to countries of which they are not "
    "citizens: one row per claim made by one source, with origin, basis and dates, and the numbers computed from them."
)
CROISSANT_TYPES = {
    "string": "sc:Text",
    "integer": "sc:Integer",
    "number": "sc:Float",
    "boolean": "sc:Boolean",
    "date": "sc:Date",
}
# The context of Croissant 1.1, term for term: its readers warn of any other.
CROISSANT_CONTEXT = {
    "@language": "en",
    "@vocab": "https://schema.org/",
    "arrayShape": "cr:arrayShape",
    "citeAs": "cr:citeAs",
    "column": "cr:column",
    "conformsTo": "dct:conformsTo",
    "containedIn": "cr:containedIn",
    "cr": "http://mlcommons.org/croissant/",
    "data": {"@id": "cr:data", "@type": "@json"},
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "dct": "http://purl.org/dc/terms/",
    "description": {"@container": "@language"},
    "equivalentProperty": "cr:equivalentProperty",
    "examples": {"@id": "cr:examples", "@type": "@json"},
    "extract": "cr:extract",
    "field": "cr:field",
    "fileObject": "cr:fileObject",
    "fileProperty": "cr:fileProperty",
    "fileSet": "cr:fileSet",
    "format": "cr:format",
    "includes": "cr:includes",
    "isArray": "cr:isArray",
    "isLiveDataset": "cr:isLiveDataset",
    "jsonPath": "cr:jsonPath",
    "key": "cr:key",
    "md5": "cr:md5",
    "name": {"@container": "@language"},
    "parentField": "cr:parentField",
    "path": "cr:path",
    "rai": "http://mlcommons.org/croissant/RAI/",
    "recordSet": "cr:recordSet",
    "references": "cr:references",
    "regex": "cr:regex",
    "repeated": "cr:repeated",
    "replace": "cr:replace",
    "samplingRate": "cr:samplingRate",
    "sc": "https://schema.org/",
    "separator": "cr:separator",
    "source": "cr:source",
    "subField": "cr:subField",
    "transform": "cr:transform",
}
CONTRIBUTORS = "The Third-Country Ledger contributors"
CRATE = "https://w3id.org/ro/crate/1.1"
RUN_TERMS = "https://w3id.org/ro/terms/workflow-run/context"  # where ``sha256`` is defined
RUN_PROFILE = "https://w3id.org/ro/wfrun/process/0.5"
MEDIA_TYPES = {
    ".bib": "application/x-bibtex",
    ".cff": "application/yaml",
    ".csv": "text/csv",
    ".ipynb": "application/x-ipynb+json",
    ".json": "application/json",
    ".jsonld": "application/ld+json",
    ".md": "text/markdown",
    ".R": "text/plain",
    ".do": "text/plain",
    ".py": "text/x-python",
    ".parquet": "application/vnd.apache.parquet",
    ".sqlite": "application/vnd.sqlite3",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "": "text/plain",
}


@dataclass(frozen=True)
class Run:
    """One run of a program: what it asked, with which parameters, and the files it made (paths in the folder)."""

    program: str
    question: str
    parameters: dict[str, Any]
    results: tuple[str, ...]


def json_ld(ledger: Ledger, version: str, folder: str = "") -> dict[str, Any]:
    """A schema.org ``Dataset``, for search engines; ``folder`` is where the files lie, seen from the page that holds it."""
    return {
        "@context": "https://schema.org/",
        "@type": "Dataset",
        "name": TITLE,
        "description": ABOUT,
        "license": LICENCE,
        "version": version,
        "temporalCoverage": f"2025-01-20/{ledger.as_of:%Y-%m-%d}",
        "isAccessibleForFree": True,
        "creator": {"@type": "Organization", "name": CONTRIBUTORS},
        "keywords": ["deportation", "third-country agreements", "migration policy"],
        "variableMeasured": [
            {
                "@type": "PropertyValue",
                "name": quantity.__name__,
                "description": (quantity.__doc__ or "").splitlines()[0],
            }
            for quantity in answers.QUANTITIES
        ],
        "distribution": [
            {
                "@type": "DataDownload",
                "encodingFormat": "text/csv",
                "contentUrl": f"{folder}{resource['path']}",
                "name": resource["title"],
            }
            for resource in schema.views()["resources"]
        ],
    }


def croissant(folder: Path, ledger: Ledger, version: str) -> dict[str, Any]:
    """A Croissant 1.1 description of the CSV files in ``folder``: one record set per view."""
    resources = schema.views()["resources"]
    files = [
        {
            "@type": "cr:FileObject",
            "@id": resource["path"],
            "name": resource["path"],
            "description": resource["description"],
            "contentUrl": resource["path"],
            "encodingFormat": "text/csv",
            "sha256": _sha256(folder / resource["path"]),
        }
        for resource in resources
    ]
    records = [
        {
            "@type": "cr:RecordSet",
            "@id": resource["name"],
            "name": resource["name"],
            "description": resource["description"],
            "key": [{"@id": f"{resource['name']}/{key}"} for key in resource["schema"]["primaryKey"]],
            "field": [
                {
                    "@type": "cr:Field",
                    "@id": f"{resource['name']}/{field['name']}",
                    "name": field["name"],
                    "description": field["description"],
                    "dataType": CROISSANT_TYPES[field["type"]],
                    "source": {"fileObject": {"@id": resource["path"]}, "extract": {"column": field["name"]}},
                }
                for field in resource["schema"]["fields"]
            ],
        }
        for resource in resources
    ]
    return {
        "@context": CROISSANT_CONTEXT,
        "@type": "sc:Dataset",
        "conformsTo": "http://mlcommons.org/croissant/1.1",
        "name": TITLE,
        "description": ABOUT,
        "license": LICENCE,
        "url": "README.md",  # beside this file: a release has no address of its own
        "version": dataset.without_zeros(version),
        "datePublished": f"{ledger.as_of:%Y-%m-%d}",
        "isLiveDataset": False,
        "citeAs": f"Third-Country Ledger, data version {version}, CC BY 4.0.",
        "creator": {"@type": "sc:Organization", "name": CONTRIBUTORS},
        "distribution": files,
        "recordSet": records,
    }


def ro_crate(folder: Path, ledger: Ledger, version: str, runs: Sequence[Run]) -> dict[str, Any]:
    """An RO-Crate 1.1, a Process Run Crate 0.5: each file with its hash, each run with program, parameters, inputs, outputs.

    All runs read the tables as typed. They have no time of day, so that the same release is the same bytes.
    """
    there = [path for path in sorted(folder.rglob("*")) if path.is_file() and path.name != "ro-crate-metadata.json"]
    files: dict[str, dict[str, Any]] = {
        path.relative_to(folder).as_posix(): {
            "@type": "File",
            "name": path.name,
            "encodingFormat": MEDIA_TYPES[path.suffix],
            "sha256": _sha256(path),
        }
        for path in there
    }
    inputs = [name for name in files if name.startswith(f"{dataset.RAW}/")]
    actions = {}
    parameters: dict[str, dict[str, Any]] = {}
    for run in runs:
        given = {
            f"#{run.program}?{name}": {"@type": "PropertyValue", "name": name, "value": value}
            for name, value in run.parameters.items()
        }
        parameters |= given
        files[run.program] |= {"@type": ["File", "SoftwareSourceCode"], "name": run.question, "version": __version__}
        actions[f"#run-{run.program}"] = {
            "@type": "CreateAction",
            "name": run.question,
            "description": "Run with " + "; ".join(f"{name}={value}" for name, value in run.parameters.items()),
            "agent": {"@id": "#contributors"},
            "instrument": {"@id": run.program},
            "object": _references([*inputs, *given]),
            "result": _references(run.results),
        }
    root = {
        "@type": "Dataset",
        "name": TITLE,
        "description": ABOUT,
        "license": {"@id": LICENCE},
        "author": {"@id": "#contributors"},
        "publisher": {"@id": "#contributors"},
        "version": version,
        "datePublished": f"{ledger.as_of:%Y-%m-%d}",
        "conformsTo": {"@id": RUN_PROFILE},
        "hasPart": _references(files),
        "mentions": _references(actions),
    }
    entry = {"@type": "CreativeWork", "about": {"@id": "./"}, "conformsTo": {"@id": CRATE}}
    licence = {"@type": "CreativeWork", "name": "CC BY 4.0", "description": "Creative Commons Attribution 4.0"}
    context: dict[str, dict[str, Any]] = {
        "ro-crate-metadata.json": entry,
        "./": root,
        "#contributors": {"@type": "Organization", "name": CONTRIBUTORS},
        LICENCE: licence,
        RUN_PROFILE: {"@type": "CreativeWork", "name": "Process Run Crate", "version": "0.5"},
    }
    graph = [{"@id": name} | values for name, values in (context | files | parameters | actions).items()]
    return {"@context": [f"{CRATE}/context", RUN_TERMS], "@graph": graph}


def _references(identifiers: Iterable[str]) -> list[dict[str, str]] | dict[str, str]:
    """References to several things; to one, not as a list, as RO-Crate asks."""
    found = [{"@id": identifier} for identifier in identifiers]
    return found[0] if len(found) == 1 else found


def write(folder: Path, ledger: Ledger, version: str, runs: Sequence[Run]) -> None:
    """Write the three descriptions into the folder of a release."""
    _write(folder / "dataset.jsonld", json_ld(ledger, version))
    _write(folder / "croissant.json", croissant(folder, ledger, version))
    _write(folder / "ro-crate-metadata.json", ro_crate(folder, ledger, version, runs))


def _write(path: Path, content: dict[str, Any]) -> None:
    path.write_text(json.dumps(content, indent=1, ensure_ascii=False) + "\n", encoding="utf-8", newline="")


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
