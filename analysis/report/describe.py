"""What finds and cites the data: schema.org JSON-LD, Croissant, RO-Crate. Each says the same of the same files.

What belongs elsewhere: the files themselves (``dataset``, ``release``).

Typical use::

    describe.write(folder, ledger, "2026.09.30")
"""

import hashlib
import json
from pathlib import Path
from typing import Any

import nbformat

from analysis.ledger import Ledger, schema
from analysis.report import dataset, notebooks

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
CROISSANT_CONTEXT = {
    "@language": "en",
    "@vocab": "https://schema.org/",
    "citeAs": "cr:citeAs",
    "column": "cr:column",
    "conformsTo": "dct:conformsTo",
    "cr": "http://mlcommons.org/croissant/",
    "data": {"@id": "cr:data", "@type": "@json"},
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "dct": "http://purl.org/dc/terms/",
    "examples": {"@id": "cr:examples", "@type": "@json"},
    "extract": "cr:extract",
    "field": "cr:field",
    "fileObject": "cr:fileObject",
    "fileProperty": "cr:fileProperty",
    "fileSet": "cr:fileSet",
    "format": "cr:format",
    "includes": "cr:includes",
    "isLiveDataset": "cr:isLiveDataset",
    "jsonPath": "cr:jsonPath",
    "key": "cr:key",
    "md5": "cr:md5",
    "parentField": "cr:parentField",
    "path": "cr:path",
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


def json_ld(ledger: Ledger, version: str) -> dict[str, Any]:
    """A schema.org ``Dataset``, for search engines."""
    return {
        "@context": "https://schema.org/",
        "@type": "Dataset",
        "name": TITLE,
        "description": ABOUT,
        "license": LICENCE,
        "version": version,
        "temporalCoverage": f"2025-01-20/{ledger.as_of:%Y-%m-%d}",
        "isAccessibleForFree": True,
        "creator": {"@type": "Organization", "name": "The Third-Country Ledger contributors"},
        "keywords": ["deportation", "third-country agreements", "migration policy"],
        "variableMeasured": [field["description"] for field in schema.views()["resources"][0]["schema"]["fields"][:4]],
        "distribution": [
            {
                "@type": "DataDownload",
                "encodingFormat": "text/csv",
                "contentUrl": resource["path"],
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
        "url": "https://creativecommons.org/licenses/by/4.0/",
        "version": f"{int(version[:4])}.{int(version[5:7])}.{int(version[8:])}",
        "datePublished": f"{ledger.as_of:%Y-%m-%d}",
        "citeAs": f"Third-Country Ledger, data version {version}, CC BY 4.0.",
        "creator": {"@type": "sc:Organization", "name": "The Third-Country Ledger contributors"},
        "distribution": files,
        "recordSet": records,
    }


def ro_crate(folder: Path, ledger: Ledger, version: str) -> dict[str, Any]:
    """An RO-Crate 1.1 of the release: every file with its hash, and a run per notebook with its parameters and inputs."""
    files = [path for path in sorted(folder.rglob("*")) if path.is_file() and path.name != "ro-crate-metadata.json"]
    parts = [
        {"@id": path.relative_to(folder).as_posix(), "@type": "File", "name": path.name, "sha256": _sha256(path)}
        for path in files
    ]
    raw = [{"@id": part["@id"]} for part in parts if str(part["@id"]).startswith(f"{dataset.RAW}/")]
    runs, programs = [], []
    for source in notebooks.all_of():
        question = nbformat.read(source, as_version=4).cells[0].source.splitlines()[0].lstrip("# ")
        programs.append(
            {"@id": f"#{source.stem}", "@type": "SoftwareSourceCode", "name": question, "sha256": _sha256(source)}
        )
        given = "; ".join(f"{name}={value}" for name, value in notebooks.defaults(source).items())
        runs.append(
            {
                "@id": f"#run-{source.stem}",
                "@type": "CreateAction",
                "name": question,
                "description": f"Run with {given}",
                "instrument": {"@id": f"#{source.stem}"},
                "object": raw,
                "result": [{"@id": "./"}],
            }
        )
    root = {
        "@id": "./",
        "@type": "Dataset",
        "name": TITLE,
        "description": ABOUT,
        "license": {"@id": LICENCE},
        "version": version,
        "datePublished": f"{ledger.as_of:%Y-%m-%d}",
        "hasPart": [{"@id": part["@id"]} for part in parts],
        "mentions": [{"@id": run["@id"]} for run in runs],
    }
    entry = {
        "@id": "ro-crate-metadata.json",
        "@type": "CreativeWork",
        "about": {"@id": "./"},
        "conformsTo": {"@id": "https://w3id.org/ro/crate/1.1"},
    }
    licence = {
        "@id": LICENCE,
        "@type": "CreativeWork",
        "name": "CC BY 4.0",
        "description": "Creative Commons Attribution 4.0",
    }
    graph = [entry, root, licence, *parts, *programs, *runs]
    return {"@context": "https://w3id.org/ro/crate/1.1/context", "@graph": graph}


def write(folder: Path, ledger: Ledger, version: str) -> None:
    """Write the three descriptions into the folder of a release."""
    for name, content in (
        ("dataset.jsonld", json_ld(ledger, version)),
        ("croissant.json", croissant(folder, ledger, version)),
    ):
        _write(folder / name, content)
    _write(folder / "ro-crate-metadata.json", ro_crate(folder, ledger, version))


def _write(path: Path, content: dict[str, Any]) -> None:
    path.write_text(json.dumps(content, indent=1, ensure_ascii=False) + "\n", encoding="utf-8", newline="")


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
