"""Write places.csv from the libraries that keep names, codes and regions.

Run it only when a library is renewed: python data/reference/make_reference.py NATURAL_EARTH.dbf
NATURAL_EARTH.dbf is the attribute table ne_10m_admin_0_countries of Natural Earth (public domain).
UN M49 regions, short names and label positions come from hdx-python-country, English adjectives from
countryinfo, World Bank regions and names in other languages from Natural Earth. Nothing is typed by hand.
"""

import csv
import hashlib
import importlib.util
import json
import sys
from pathlib import Path

from dbfread import DBF

HERE = Path(__file__).parent
LANGUAGES = ["AR", "DE", "EL", "ES", "FR", "HE", "ID", "IT", "NL", "PL", "PT", "RU", "SV", "TR", "UK", "VI", "ZH"]
COLUMNS = [
    "iso3",
    "numeric",
    "name",
    "adjectives",
    "un_m49_region",
    "un_m49_subregion",
    "world_bank_region",
    "latitude",
    "longitude",
    "names",
]


def package_folder(name):
    return Path(importlib.util.find_spec(name).submodule_search_locations[0])


def taxonomy():
    """Rows of the OCHA table shipped by hdx-python-country, by alpha-3 code, Kosovo under its user-assigned XKX."""
    path = next(package_folder("hdx.location").glob("*Taxonomy*.csv"))
    with path.open(encoding="utf-8-sig", newline="") as handle:
        for row in csv.DictReader(handle):
            code = row["ISO 3166-1 Alpha 3-Codes"] or (row["x Alpha3 codes"] if row["x Alpha3 codes"] == "XKX" else "")
            if code:
                yield code, row


def natural_earth(path):
    """One row of attributes per code, the sovereign's main part first."""
    found = {}
    for row in DBF(path, encoding="utf-8"):
        code = {"KOS": "XKX"}.get(row["ADM0_A3"], row["ISO_A3_EH"])
        found.setdefault(code, row)
    return found


def demonyms():
    """English adjectives by alpha-3 code."""
    found = {}
    for path in sorted((package_folder("countryinfo") / "data").glob("*.json")):
        record = json.loads(path.read_text(encoding="utf-8"))
        code, word = record.get("ISO", {}).get("alpha3"), record.get("demonym")
        if code and word:
            found.setdefault(code.upper(), word)
    return found


def main(attribute_table):
    earth, adjectives, rows = natural_earth(attribute_table), demonyms(), []
    for code, row in sorted(taxonomy()):
        shape = earth.get(code, {})
        names = {row["English Short"], row["Preferred Term"], shape.get("NAME_EN"), shape.get("NAME_LONG")}
        names |= {shape.get(f"NAME_{language}") for language in LANGUAGES}
        words = [w.strip() for w in adjectives.get(code, "").replace(";", ",").split(",")]
        rows.append(
            {
                "iso3": code,
                "numeric": row["m49 numerical code"].zfill(3) if row["m49 numerical code"] else "",
                "name": shape.get("NAME_EN") or row["Preferred Term"],
                "adjectives": ";".join(w for w in words if w),
                "un_m49_region": row["Region Name"],
                "un_m49_subregion": row["Intermediate Region Name"] or row["Sub-region Name"],
                "world_bank_region": shape.get("REGION_WB", ""),
                "latitude": round(float(shape.get("LABEL_Y") or row["Latitude"]), 3),
                "longitude": round(float(shape.get("LABEL_X") or row["Longitude"]), 3),
                "names": ";".join(sorted(n.strip() for n in names if n and n.strip())),
            }
        )
    with (HERE / "places.csv").open("w", encoding="utf-8", newline="") as handle:
        writer = csv.DictWriter(handle, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    files = [HERE / name for name in ("places.csv", "world_110m.json")]
    lines = [f"{hashlib.sha256(file.read_bytes()).hexdigest()}  {file.name}\n" for file in files]
    (HERE / "SHA256SUMS").write_text("".join(lines), encoding="ascii")


if __name__ == "__main__":
    main(sys.argv[1])
