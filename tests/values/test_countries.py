import pycountry
import pytest
from countryinfo import CountryInfo

from analysis.values import countries, paths
from analysis.values.problems import LedgerError

# The library stops at the sub-regions of M49; the ledger goes on to the intermediate regions within two of them.
WITHIN = {
    "Latin America and the Caribbean": {"Caribbean", "Central America", "South America"},
    "Sub-Saharan Africa": {"Eastern Africa", "Middle Africa", "Southern Africa", "Western Africa"},
    "Northern Europe": {"Northern Europe", "Channel Islands"},
}


OTHERWISE = {"HMD", "MNE", "SRB"}  # blank there, or still with the former Yugoslavia; M49 is as the ledger has it


def test_regions_are_those_of_the_kept_library():
    compared = [code for code, place in countries.table().items() if place["un_m49_region"] and code != "XKX"]
    compared = [code for code in compared if code not in OTHERWISE]
    assert len(compared) > 240
    for code in compared:
        place, info = countries.table()[code], CountryInfo(code)
        assert place["un_m49_region"] == info.region(), code
        assert place["un_m49_subregion"] in WITHIN.get(info.subregion(), {info.subregion()}), code


def test_every_country_of_iso_3166_is_there_and_nothing_else_but_kosovo():
    assert set(countries.table()) == {country.alpha_3 for country in pycountry.countries} | {"XKX"}


@pytest.mark.parametrize("scheme", countries.REGION_SCHEMES)
@pytest.mark.parametrize("code", ["XKX", "SSD", "SWZ", "PLW", "NAM", "GNQ", "ATG"])
def test_small_and_new_states_have_a_region_in_each_scheme(code, scheme):
    assert countries.region(code, scheme) in countries.regions(scheme)


def test_kosovo_lands_where_the_note_says():
    found = [countries.region("XKX", scheme) for scheme in countries.REGION_SCHEMES]
    assert found == ["Europe", "Southern Europe", "Europe & Central Asia"]


def test_no_country_has_words_of_its_own():
    assert (countries.name(""), countries.name("person")) == ("not one country", "person")


def test_namibia_is_not_a_missing_value():
    assert countries.name("NAM") == "Namibia"


@pytest.mark.parametrize(
    ("typed", "code"),
    [("Rwnda", "RWA"), ("RWD", "RWA"), ("Kosovo", "XKX"), ("UK", "GBR"), ("eswatini", "SWZ"), ("??", None)],
)
def test_the_nearest_country_is_offered(typed, code):
    assert countries.nearest(typed) == code


@pytest.mark.parametrize(
    ("code", "text", "found"),
    [
        ("RWA", "a minister of Rwanda's government", True),
        ("RWA", "two Rwandans were there", True),
        ("NER", "talks with Nigeria", False),
        ("OMN", "a woman said", False),
        ("XKX", "the Kosovar authorities", True),
        ("CRI", "el gobierno de Costa Rica", True),
        ("UKR", "Україна", True),
        ("LBY", "ليبيا", True),
        ("SDN", "men were flown to South Sudan", False),
        ("SDN", "Sudan and South Sudan", True),
        ("SSD", "South Sudanese officials", True),
        ("GIN", "Equatorial Guinea, Guinea-Bissau and Papua New Guinea", False),
        ("GIN", "Guinea has answered", True),
        ("GNQ", "Equatorial Guinea", True),
        ("COG", "DR Congo", False),
        ("MEX", "a judge in New Mexico", False),
    ],
)
def test_a_country_is_recognised_in_print(code, text, found):
    assert countries.mentioned(code, text) is found


def test_an_edited_table_is_seen_at_once(tmp_path, monkeypatch):
    data = (paths.REFERENCE / "places.csv").read_bytes()
    (tmp_path / "places.csv").write_bytes(data)
    monkeypatch.setattr(paths, "REFERENCE", tmp_path)
    assert countries.name("RWA") == "Rwanda"
    (tmp_path / "places.csv").write_bytes(data.replace(b",Rwanda,", b",Ruanda,"))
    assert countries.name("RWA") == "Ruanda"
    assert countries.mentioned("RWA", "Ruanda")


def test_a_table_of_places_without_a_column_is_told_in_one_line(tmp_path, monkeypatch):
    data = (paths.REFERENCE / "places.csv").read_bytes()
    (tmp_path / "places.csv").write_bytes(data.replace(b"iso3", b"code", 1))
    monkeypatch.setattr(paths, "REFERENCE", tmp_path)
    with pytest.raises(LedgerError) as caught:
        countries.table()
    assert str(caught.value).partition("places.csv")[2] == (
        ':1: column "iso3": value "": rule: a column of this table; '
        "fix: write the file again with data/reference/make_reference.py"
    )


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("DOM", "the Dominican Republic"),
        ("TCA", "the Turks and Caicos Islands"),
        ("BHS", "The Bahamas"),
        ("RWA", "Rwanda"),
    ],
)
def test_a_name_has_its_article_in_a_sentence(code, words):
    assert countries.in_text(code) == words
