"""The report's pages as files: links that lead somewhere, nothing from elsewhere, every claim, every number, every answer."""

import hashlib
import json
import os
import re
from html.parser import HTMLParser
from xml.etree import ElementTree

import nbformat
import pandas as pd
import pytest

from analysis import __version__, ledger
from analysis.ledger import schema
from analysis.report import notebooks, site
from analysis.report.site import (
    addresses,
    changes,
    claims,
    countries,
    editions,
    first,
    lists,
    numbers,
    pages,
    prose,
    search_index,
)
from analysis.values import dates, paths
from analysis.views import answers, denials, provenance
from analysis.views.parameters import Parameters

KILOBYTE = 1000
LIMITS = {"index.html": 350, "claims.html": 1500, "sources.html": 1500}  # kilobytes; 700 for every other page


class Links(HTMLParser):
    def __init__(self, text):
        super().__init__()
        self.targets, self.loads, self.ids, self.lang, self.images, self.outside = [], [], [], None, [], []
        self.inline_scripts, self.policy, self.before_main, self.in_main = 0, "", 0, False
        self.drawing = 0
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        self.drawing += tag == "svg"
        self.ids += [attrs["id"]] if "id" in attrs and not self.drawing else []  # a drawing's own are matplotlib's
        self.lang = attrs.get("lang", self.lang) if tag == "html" else self.lang
        if tag == "main":
            self.in_main = True
        if tag in ("a", "input", "button", "summary", "select") and not self.in_main:
            self.before_main += 1
        if tag == "a" and "href" in attrs:
            self.targets.append(attrs["href"])
            if attrs["href"].startswith("http"):
                self.outside.append((attrs["href"], attrs.get("rel")))
        if tag == "meta" and attrs.get("http-equiv") == "Content-Security-Policy":
            self.policy = attrs["content"]
        data = tag == "script" and attrs.get("type") == "application/ld+json"  # read by search engines, never run
        if tag == "script" and "src" not in attrs and not data:
            self.inline_scripts += 1
        self.inline_scripts += sum(name.startswith("on") for name in attrs)
        if tag in ("script", "img", "iframe", "link", "source", "use", "image") and not data:
            self.loads.append(attrs.get("src") or attrs.get("href") or attrs.get("xlink:href") or "inline")
        if tag == "svg":
            self.images.append((attrs.get("role"), attrs.get("aria-label")))

    def handle_endtag(self, tag):
        self.drawing -= tag == "svg"


@pytest.fixture(scope="session")
def found(report):
    files = sorted(report.rglob("*.html"))
    return {path.relative_to(report).as_posix(): Links(path.read_text(encoding="utf-8")) for path in files}


@pytest.fixture(scope="session")
def known():
    return Parameters().apply(ledger.load())


def text_of(report, name):
    return (report / name).read_text(encoding="utf-8")


def indexed(frame):
    """The rows of the search index of a report."""
    search_index.write(frame)
    text = text_of(frame.folder, "search-index.js")
    return json.loads(text.removeprefix("window.ledgerIndex=").removesuffix(";\n"))


def has_claims(path):
    return any(info.get("name") == "claims" for info, _ in site.shown(nbformat.read(path, as_version=4)))


def test_there_is_a_page_per_question_country_claim_group_number_and_month(report, found, known):
    stems = [path.stem for path in notebooks.all_of() if path.stem != site.BRIEF]
    common = ["index", "countries", "claims", "sources", "denials", "changes", "find", "method", "coding", "codebook"]
    expected = {f"{stem}.html" for stem in [*stems, *common, "corrections", "editions/index"]}
    expected |= {site.claims_page(path) for path in notebooks.all_of() if path.stem in stems and has_claims(path)}
    codes = countries.codes(known, ())
    expected |= {f"countries/{code}.html" for code in codes} | {f"claims/{code}.html" for code in [*codes, "none"]}
    expected |= {f"numbers/{quantity.__name__}.html" for quantity in answers.QUANTITIES}
    months = {name for name in found if name.startswith("changes/")}
    assert set(found) - months == expected
    assert {f"changes/2025-{month:02}.html" for month in range(2, 13)} <= months


def test_every_link_leads_to_a_file_or_place_that_is_there(report, found):
    broken = []
    for name, page in found.items():
        for target in page.targets:
            if target.startswith(("http", "mailto")):
                continue
            file, _, place = target.partition("#")
            file = os.path.normpath(os.path.join(os.path.dirname(name), file)) if file else name
            there = file in found or (report / file).is_file()
            if not there or (place and "=" not in place and place not in found[file].ids):
                broken.append(f"{name}: {target}")
    assert broken == []


def test_no_page_has_one_identifier_twice(found):
    twice = {
        name: {i for i in page.ids if page.ids.count(i) > 1} for name, page in found.items() if len(page.ids) < 3000
    }
    assert {name: ids for name, ids in twice.items() if ids} == {}


def test_pages_load_nothing_from_elsewhere_and_run_no_script_of_their_own(report, found):
    for name, page in found.items():
        root = "../" * name.count("/")
        loads = {load for load in page.loads if not load.startswith("#")}
        assert loads == {f"{root}static/style.css", f"{root}static/site.js", f"{root}feed.xml", "data:,"}, name
        assert page.policy.startswith("default-src 'none'; script-src 'self';"), name
        assert page.inline_scripts == 0, name
    assert "url(" not in text_of(report, "static/style.css")


def test_links_to_elsewhere_tell_nobody_where_a_reader_comes_from(found):
    for name, page in found.items():
        assert {rel for _, rel in page.outside} <= {"noopener noreferrer"}, name


def test_at_most_30_stops_come_before_the_content(found):
    assert max(page.before_main for page in found.values()) <= 30


def test_pages_scripts_and_style_keep_their_size(report):
    sizes = {path.relative_to(report).as_posix(): path.stat().st_size / KILOBYTE for path in report.rglob("*.html")}
    assert {name: size for name, size in sizes.items() if size > LIMITS.get(name, 700)} == {}
    import gzip

    scripts = [*report.joinpath("static").rglob("*.js"), report / "search-index.js"]
    assert sum(len(gzip.compress(path.read_bytes())) for path in scripts) <= 120 * KILOBYTE
    assert (report / "static" / "style.css").stat().st_size <= 20 * KILOBYTE


def test_scripts_of_others_are_those_that_are_named_with_licence_and_hash():
    text = (pages.STATIC / "vendor" / "THIRD_PARTY.md").read_text(encoding="utf-8")
    scripts = sorted((pages.STATIC / "vendor").glob("*.js"))
    assert [path.name for path in scripts] == re.findall(r"^## (.+)$", text, flags=re.MULTILINE)
    for path in scripts:
        assert f"`{hashlib.sha256(path.read_bytes()).hexdigest()}`" in text
    assert text.count("Licence (MIT)") == len(scripts)


def test_every_figure_on_a_page_has_alt_text_and_three_files(report, found):
    for path in notebooks.all_of():
        if path.stem == site.BRIEF:
            continue
        notebook = nbformat.read(path, as_version=4)
        figures = [info for info, _ in site.shown(notebook) if info["kind"] == "figure"]
        images = found[f"{path.stem}.html"].images
        described = [("group", info["alt"]) for info in figures for _ in ("wide", "narrow")]
        assert [image for image in images if image[0] == "group"] == described
        for info in figures:
            for ending in ("svg", "png"):
                assert (report / "figures" / f"{site.prefix(path)}_{info['name']}.{ending}").stat().st_size > 1000


def test_every_table_on_a_page_is_the_csv_beside_it(report):
    for path in notebooks.all_of():
        for info, data in site.shown(nbformat.read(path, as_version=4)):
            if info["kind"] == "table":
                file = report / "tables" / f"{site.prefix(path)}_{info['name']}.csv"
                assert file.read_text(encoding="utf-8") == data["text/csv"]


def test_the_first_page_has_four_numbers_that_open_their_claims(report, found, known):
    text = text_of(report, "index.html")
    computed = answers.compute(known, Parameters())
    for name in ("countries_received", "countries_agreed", "people_at_least", "usd_paid"):
        assert f'href="numbers/{name}.html"><strong>{computed[name].words}</strong>' in text
        assert set(computed[name].claim_ids) <= set(found[f"numbers/{name}.html"].ids)
    assert f"Newest report read: <strong>{dates.show_day(known.claims['public_on'].max())}</strong>" in text


def test_every_page_says_the_day_of_the_newest_report(report, found, known):
    words = f"Newest report read: {dates.show_day(known.claims['public_on'].max())}"
    assert [name for name in found if words not in text_of(report, name)] == []


def test_a_question_is_followed_by_its_answer(report):
    text = text_of(report, "01_countries_by_region.html")
    assert re.search(r'<h1>How many countries.*?</h1>\s*<div class="answer"><p>By ', text)
    assert text.count('<div class="answer">') == 1
    assert "import " not in text


def test_every_claim_has_a_row_and_a_block_and_every_source_a_row(found, known):
    blocks = {i for name, page in found.items() if name.startswith("claims/") for i in page.ids}
    listed = pd.concat([known.claims, known.undated])
    assert set(listed["claim_id"]) == blocks - {"main", "find"}
    assert set(listed["claim_id"]) <= set(found["claims.html"].ids)
    assert set(listed["source_id"]) | set(listed["origin_id"]) <= set(found["sources.html"].ids)


def test_each_denial_is_on_its_page(report, known):
    text = text_of(report, "denials.html")
    assert [c for c in denials.listed(known, Parameters())["claim_id"] if f'#{c}"' not in text] == []


def test_the_feed_is_atom_and_its_entries_lead_to_pages(report, found):
    atom = "{http://www.w3.org/2005/Atom}"
    feed = ElementTree.parse(report / "feed.xml").getroot()
    entries = feed.findall(f"{atom}entry")
    assert len(entries) == 12
    assert len({entry.find(f"{atom}id").text for entry in entries}) == 12
    for entry in entries:
        assert entry.find(f"{atom}link").get("href") in found
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT00:00:00Z", entry.find(f"{atom}updated").text)


def test_the_search_index_knows_other_names_outlets_questions_and_claims(report, known):
    text = text_of(report, "search-index.js")
    rows = json.loads(text.removeprefix("window.ledgerIndex=").removesuffix(";\n"))
    assert {row[0] for row in rows} == {"country", "page", "outlet", "claim", "other programme"}
    terms = {row[4]: row[3] for row in rows if row[0] == "country"}
    assert "Swaziland" in terms["countries/SWZ.html"]
    assert "DRC" in terms["countries/COD.html"]
    assert sum(row[4].startswith("claims/") for row in rows) == len(known.claims) + len(known.undated)


def test_the_search_index_says_of_a_claim_and_an_outlet_who_reported_first(make_ledger, tmp_path):
    sources = [{"source_id": "first", "publisher": "First"}, {"source_id": "copy", "publisher": "Copy"}]
    made = make_ledger(
        sources=sources,
        steps=[{"source_id": "copy", "origin_id": "first", "wording": "w"}, {"source_id": "first", "wording": "v"}],
    )
    rows = indexed(pages.Pages(tmp_path, made, Parameters()))
    assert [(row[1], row[2], row[4]) for row in rows if row[0] == "outlet"] == [
        ("Copy", "1 claim read there", "claims.html#outlet=Copy"),
        ("First", "1 claim read there, 2 first reported there", "claims.html#origin=First"),
    ]
    assert [row[2] for row in rows if row[0] == "claim"] == [
        "c00001 Copy, first reported by First: “w”",
        "c00002 First: “v”",
    ]


def test_a_claim_of_another_programme_is_named_so_and_comes_last_in_a_search(make_ledger, tmp_path):
    made = make_ledger(
        arrangements=[{"arrangement_id": "rwa-removal-2022", "programme": "uk-rwanda-2022", "sender": "GBR"}],
        payments=[{"arrangement_id": "rwa-removal-2022", "stage": "paid"}, {"stage": "paid", "payment_id": "other"}],
    )
    frame = pages.Pages(tmp_path, made, Parameters())
    other, own = (row for row in indexed(frame) if row[4].startswith("claims/"))
    assert other[:2] == ["other programme", "Rwanda: paid: USD 100 (United Kingdom and Rwanda, 2022)"]
    assert own[:2] == ["claim", "Rwanda: paid: USD 100"]
    assert other[5] < own[5]
    claims.write(frame, claims.rows(frame))
    heading = 'Rwanda: paid: USD 100 <span class="mark">(United Kingdom and Rwanda, 2022: another programme)</span>'
    assert text_of(tmp_path, "claims/RWA.html").count(heading) == 1
    assert text_of(tmp_path, "claims.html").count("another programme: United Kingdom and Rwanda, 2022") == 1


def test_undated_claims_are_listed_last_and_marked(make_ledger, tmp_path):
    made = make_ledger(
        sources=[{"source_id": "undated", "published": "", "published_basis": "unknown"}],
        steps=[{"source_id": "undated", "step": "signed"}, {"doubtful": "true", "note": "why"}, {}],
        acts=[{"source_id": "undated", "arrangement_id": "uga-removal-2025"}],
    )
    frame = pages.Pages(tmp_path, made, Parameters())
    claims.write(frame, claims.rows(frame))
    text = text_of(tmp_path, "claims.html")
    assert re.findall(r'<tr id="(c\d+)"', text) == ["c00003", "c00002", "c00001", "c00004"]
    assert text.count('<td data-sort=""><span class="mark">undated</span></td>') == 2
    assert "the 2 undated ones" in text
    assert re.findall(r'<article class="claim" id="(c\d+)"', text_of(tmp_path, "claims/RWA.html")) == [
        "c00003",
        "c00002",
        "c00001",
    ]
    assert text_of(tmp_path, "claims/UGA.html").count("the claim is listed and never counted") == 1
    assert countries.codes(made, ()) == ["RWA", "UGA"]
    assert [row[1] for row in indexed(frame) if row[3] == "c00001"] == ["Rwanda: signed (undated)"]
    assert len(made.claims) == 2


def test_the_ledger_can_be_downloaded_with_its_schema_and_the_published_numbers(report, known):
    described = json.loads(text_of(report, "data/datapackage.json"))["resources"]
    assert [resource["path"] for resource in described if not (report / "data" / resource["path"]).is_file()] == []
    assert {f"raw_{table}" for table in schema.FILES} <= {resource["name"] for resource in described}
    numbers = json.loads(text_of(report, "data/answers.json"))
    assert numbers["countries_received"]["value"] == answers.compute(known, Parameters())["countries_received"].value


def test_an_edition_tells_which_countries_stand_elsewhere_in_the_newest():
    found = editions.moved({"RWA": "asked", "SWZ": "agreed"}, {"RWA": "received", "SWZ": "agreed", "GHA": "named"})
    assert [(one["name"], one["before"], one["after"]) for one in found] == [
        ("Ghana", "not reported", "named"),
        ("Rwanda", "asked", "received"),
    ]


def test_what_stands_elsewhere_is_told_only_beside_the_newest_report_and_of_another_day(tmp_path):
    def lay_out(folder, as_of, step, **chosen):
        (folder / "data" / "api" / "v1").mkdir(parents=True)
        parameters = Parameters(as_of=as_of, **chosen).as_dict()
        manifest = json.dumps({"parameters": parameters, "as_of": "2025-06-30"})
        index = json.dumps({"countries": [{"iso3": "RWA", "furthest_step": step}]})
        for name, text in (("manifest.json", manifest), ("data/answers.json", "{}"), ("data/api/v1/index.json", index)):
            (folder / name).write_text(text)

    of_editions = tmp_path / "editions"
    lay_out(of_editions / "june", "2025-06-30", "asked")
    lay_out(of_editions / "strict", "latest", "asked", min_origins=2)
    assert [one["moved"] for one in editions.listed(of_editions)] == [[], []]
    lay_out(tmp_path, "latest", "agreed")
    told = {one["href"]: [place["after"] for place in one["moved"]] for one in editions.listed(of_editions)}
    assert told == {"../index.html": [], "june/index.html": ["agreed"], "strict/index.html": []}


def test_the_list_of_editions_names_the_report_with_its_numbers(report):
    text = text_of(report, "editions/index.html")
    assert re.search(r'<a href="\.\./index\.html">\d+ \w+ 20\d\d</a> \(newest\)', text)
    assert 'href="../countries.html"' in text


# --- addresses, prose, blocks -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "data:text/html,x",
        "ftp://example.org/a",
        "//example.org/a",
        "http://user@example.org/",
        "https://user:word@example.org/",
        "http://localhost/a",
        "http://localhost./a",
        "http://127.0.0.1/a",
        "http://[::1]/a",
        "http://10.0.0.1/a",
        "http://0x7f000001/a",
        "http://2130706433/a",
        "http://127.1/a",
        "http://intranet/a",
        "http://printer.local/a",
        "https://example.org/a b",
        'https://example.org/"onclick=',
        "https://example.org\\@evil.example/",
        "https://example.org:99999/",
        "",
    ],
)
def test_an_address_that_a_page_may_not_link_to_is_none(url):
    assert addresses.safe(url) == ""
    assert addresses.at_the_words(url, "has agreed") == ""
    assert addresses.archived(url, pd.Timestamp("2025-05-06")) == ""


def test_an_address_opens_at_the_printed_words():
    words = 'agreed - in part, it\'s "said" & done'
    found = addresses.at_the_words("https://example.org/a?b=c", words)
    assert found == "https://example.org/a?b=c#:~:text=agreed%20%2D%20in%20part%2C%20it%27s%20%22said%22%20%26%20done"
    assert addresses.at_the_words("https://example.org/a#top", "x") == "https://example.org/a#top:~:text=x"
    assert addresses.at_the_words("https://example.org/a", "") == "https://example.org/a"


def test_every_wording_of_the_ledger_can_stand_in_an_address(known):
    for wording in known.claims["wording"]:
        text = addresses.at_the_words("https://example.org/", wording).partition(":~:text=")[2]
        assert re.fullmatch(r"[A-Za-z0-9._~%]*", text), wording


def test_an_archived_copy_is_looked_for_by_the_day_of_publication():
    found = addresses.archived("https://example.org/a#top", pd.Timestamp("2025-05-06"))
    assert found == "https://web.archive.org/web/20250506/https://example.org/a"
    assert addresses.archived("https://example.org/a", pd.NaT) == "https://web.archive.org/web/2/https://example.org/a"


def test_markup_in_prose_is_shown_as_it_is_typed():
    assert "<script>" not in prose.html("# A\n\n<script>alert(1)</script>\n\n[x](javascript:alert(1))")
    assert 'href="javascript' not in prose.html("[x](javascript:alert(1))")
    assert "<img" not in prose.inline("<img src=x onerror=alert(1)>")


def test_headings_of_prose_have_anchors_of_their_own_and_links_lead_to_pages():
    text = prose.html("# Rules\n\n## 8. One, two\n\n## One two\n\n[coding](CODING.md#x)")
    assert '<h2 id="one-two">8. One, two</h2>' in text
    assert '<h2 id="one-two-2">One two</h2>' in text
    assert '<a href="coding.html#x">coding</a>' in text
    assert '<a href="coding.html">Coding rules</a>' in prose.html("[CODING.md](CODING.md)")


def test_a_cell_of_a_table_in_prose_bears_its_heading():
    text = prose.html("|code|meaning|\n|-|-|\n|a|first|\n|b|second|\n\n|x|y|\n|-|-|\n|c|third|")
    cells = [("meaning", "first"), ("meaning", "second"), ("y", "third")]
    assert re.findall(r'<td data-label="(.*?)">(.*?)</td>', text) == cells
    assert re.findall(r"<td>(.*?)</td>", text) == ["a", "b", "c"]


def test_a_claim_tells_what_retells_and_what_contradicts_it(make_ledger, tmp_path):
    made = make_ledger(
        sources=[
            {
                "source_id": "first",
                "publisher": "First & Co",
                "url": "https://example.org/a",
                "title": "A <b>title</b>",
            },
            {"source_id": "copy", "publisher": "Copy"},
        ],
        steps=[
            {"claim_id": "c00001", "source_id": "first", "wording": "has agreed"},
            {"claim_id": "c00002", "source_id": "copy", "origin_id": "first"},
            {"claim_id": "c00003", "source_id": "copy", "stance": "denies"},
        ],
    )
    frame = pages.Pages(tmp_path, made, Parameters())
    claims.write(frame, claims.rows(frame))
    text = (tmp_path / "claims" / "RWA.html").read_text(encoding="utf-8")
    assert '<dt>Retold by</dt><dd><a href="../claims/RWA.html#c00002">c00002</a> (Copy)' in text
    assert '<dt>Contradicted by</dt><dd><a href="../claims/RWA.html#c00003">c00003</a> (Copy)' in text
    opened = (
        'href="https://example.org/a#:~:text=has%20agreed" data-page="https://example.org/a" rel="noopener noreferrer"'
    )
    assert f"<a {opened}>Open at the sentence</a>" in text
    assert "author = {{First \\&amp; Co}}" in text
    assert "<b>title" not in text


def test_a_country_of_which_only_a_denial_is_known_has_a_page(make_ledger, tmp_path):
    made = make_ledger(
        steps=[{"stance": "denies", "wording": "never agreed"}], transfers=[{"arrangement_id": "gha-removal-2025"}]
    )
    frame = pages.Pages(tmp_path, made, Parameters())
    found = answers.frames(made, Parameters())
    views = countries.views(made, Parameters(), found)
    countries.write_one(frame, "RWA", views, "")
    text = (tmp_path / "countries" / "RWA.html").read_text(encoding="utf-8")
    assert "none in this programme" in text
    assert '<span class="mark">reports that the United States has not asked Rwanda</span>' in text


def test_the_page_of_denials_counts_a_retold_one_once_and_says_which_position_it_disputes(make_ledger, tmp_path):
    no = {"stance": "denies", "origin_id": "ministry"}
    sources = [{"source_id": "ministry", "kind": "government"}, {"source_id": "digest", "kind": "digest"}]
    steps = [
        {"step": "received"},
        {"step": "asked", "arrangement_id": "rwa-asylum-2025"},
        no | {"source_id": "ministry"},
        no | {"source_id": "digest"},
        no | {"source_id": "digest", "arrangement_id": "rwa-asylum-2025"},
    ]
    made = make_ledger(sources=sources, steps=steps)
    frame = pages.Pages(tmp_path, made, Parameters())
    lists.write(frame, denials.statements(made, denials.listed(made, Parameters())))
    text = re.sub("<[^>]*>", "", text_of(tmp_path, "denials.html"))
    assert (
        "2 denials about 1 country are on record, in 3 claims: one that several sources retell counts once. "
        "1 disputes the position shown now: that of Rwanda. "
        "1 more disputes only an arrangement that is not the furthest of its country: Rwanda. "
        "After 0 of the denials, what was denied, or more, was reported."
    ) in text
    assert "disputes this arrangement&#39;s position, not the country&#39;s furthest" in text
    assert "A Paper (digests only)" in text


def test_the_first_sentence_about_a_country_says_what_its_figures_rest_on(make_ledger):
    sources = [{"source_id": "digest", "kind": "digest"}, {"source_id": "paper"}]
    made = make_ledger(
        sources=sources,
        steps=[{"step": "received", "source_id": "digest"}],
        transfers=[{"source_id": "digest"}],
        payments=[{"stage": "paid", "amount_min": "7500000", "amount_max": "7500000"}],
    )
    views = countries.views(made, Parameters(), answers.frames(made, Parameters()))
    assert countries.lead("RWA", views, countries.entries(made, views.reports["RWA"], views.claims)) == (
        "Rwanda is reported to have received at least 10 people (digests only). "
        "USD 7.5 million (one origin) is reported as paid."
    )


@pytest.mark.parametrize(
    ("steps", "words"),
    [
        ([{"step": "willing", "date": "2025-04-01"}], "willing, 1 Apr 2025"),
        ([{"step": "asked", "date": "../2025-04-01"}, {"step": "agreed"}], "asked, by 1 Apr 2025"),
        ([{"step": "received"}], "not reported by itself"),
        ([{"step": "named"}], "not reported"),
        ([{"step": "named"}, {"step": "asked", "doubtful": "true"}], "not reported"),
        (
            [{"step": "asked", "date": "../2025-04-01"}, {"step": "in_talks", "date": "2025-01"}],
            ["in talks, 1 to 31 Jan 2025", "asked, by 1 Apr 2025"],
        ),
        (
            [
                {"step": "asked", "date": "2025-04-01"},
                {"step": "willing", "date": "2025-04-02", "arrangement_id": "rwa-single_case-2025"},
            ],
            ["removal: asked, 1 Apr 2025", "one person or family: willing, 2 Apr 2025"],
        ),
    ],
)
def test_a_country_is_not_said_to_be_asked_because_it_stands_further(make_ledger, steps, words):
    made = make_ledger(
        steps=steps, arrangements=[{"arrangement_id": "rwa-single_case-2025", "instrument": "single_case"}]
    )
    views = countries.views(made, Parameters(), answers.frames(made, Parameters()))
    lines = countries.box("RWA", views, countries.entries(made, views.reports["RWA"], views.claims))
    assert {line["label"]: line["words"] for line in lines}["Approach"] == (
        [words] if isinstance(words, str) else words
    )


def test_each_page_says_in_words_what_it_is_made_from(make_ledger, tmp_path, monkeypatch):
    monkeypatch.setattr(pages.dataset, "version", lambda: "2025.05.02")
    made = make_ledger(steps=[{"step": "received"}])
    line = pages.Pages(tmp_path, made, Parameters()).edition_line
    assert line == (
        "Reports public by 1 May 2025. Programme: United States, from 2025. Regions: UN M49 region. "
        f"One first report is enough to count. Data 2025.05.02, code {__version__}."
    )
    chosen = Parameters(min_origins=2, region_scheme="world_bank_region")
    line = pages.Pages(tmp_path, made, chosen).edition_line
    assert "Regions: World Bank region. 2 independent first reports are needed to count." in line


def test_refusals_are_told_with_their_day_whenever_they_were(make_ledger):
    steps = [
        {"step": "declined", "date": "2025-01-05", "claim_id": "c00005"},
        {"step": "received", "date": "2025-02-15"},
        {"step": "halted", "date": "2025-01-15", "claim_id": "c00006"},
        {"step": "halted", "date": "2025-03-15", "claim_id": "c00007", "source_id": "b"},
        {"step": "no_answer", "date": "2025-04-01", "claim_id": "c00008"},
        {"step": "ended", "date": "2025-03-16", "doubtful": "true", "claim_id": "c00009"},
    ]
    made = make_ledger(steps=steps)
    views = countries.views(made, Parameters(), answers.frames(made, Parameters()))
    lines = countries.box("RWA", views, countries.entries(made, views.reports["RWA"], views.claims))
    (line,) = [line for line in lines if line["label"] == "Refused, halted or ended"]
    assert line["words"] == [
        "removal: declined, 5 Jan 2025 (one origin)",
        "removal: halted, 15 Jan 2025, and since its furthest step, 15 Mar 2025",
        "removal: no answer since its furthest step, 1 Apr 2025 (one origin)",
    ]
    lead = countries.lead("RWA", views, countries.entries(made, views.reports["RWA"], views.claims))
    assert lead.endswith("Also reported: declined, 5 Jan 2025 (one origin).")
    assert line["claim_ids"] == ["c00005", "c00006", "c00007", "c00008"]


def test_every_ceiling_of_a_country_is_told(make_ledger):
    ceilings = [
        {"transfer_id": "year", "people_min": "", "people_max": "300", "population": "cap"},
        {"transfer_id": "month", "people_min": "", "people_max": "25", "population": "cap"},
    ]
    made = make_ledger(transfers=ceilings, steps=[{}])
    views = countries.views(made, Parameters(), answers.frames(made, Parameters()))
    lines = countries.box("RWA", views, countries.entries(made, views.reports["RWA"], views.claims))
    (line,) = [line for line in lines if line["label"] == "How many people"]
    assert line["words"][1:] == ["2 ceilings (the claims say for what time): up to 300; up to 25"]


@pytest.mark.parametrize(
    ("steps", "lead", "first"),
    [
        ([{"step": "declined"}], "No step of Rwanda towards an arrangement is reported, but: declined.", "1 May 2025"),
        (
            [{"step": "named"}, {"step": "received", "doubtful": "true"}, {"step": "asked", "doubtful": "true"}],
            "Rwanda is named as a destination; no report that counts here says more. "
            "Doubtful reports say more: asked and received.",
            "1 May 2025",
        ),
    ],
)
def test_the_first_sentences_of_a_country_on_no_step_or_doubtfully_further(make_ledger, steps, lead, first):
    made = make_ledger(steps=steps)
    views = countries.views(made, Parameters(), answers.frames(made, Parameters()))
    entries = countries.entries(made, views.reports["RWA"], views.claims)
    assert countries.lead("RWA", views, entries) == lead
    lines = {line["label"]: line["words"] for line in countries.box("RWA", views, entries)}
    assert lines["First reported"] == [first]


def test_the_first_sentences_name_who_denies_what(make_ledger):
    steps = [
        {"step": "received", "date": "2025-02-15"},
        {"step": "agreed", "stance": "denies", "date": "2025-04-01", "basis": "reporting"},
    ]
    made = make_ledger(steps=steps)
    views = countries.views(made, Parameters(), answers.frames(made, Parameters()))
    assert countries.lead("RWA", views, countries.entries(made, views.reports["RWA"], views.claims)) == (
        "Rwanda is reported to have received people (number not given). "
        "A Paper reports that Rwanda has not agreed to take people (1 May 2025)."
    )


def test_a_claim_from_a_new_source_leaves_the_months_before_it_as_they_were_kept(make_ledger, tmp_path, monkeypatch):
    monkeypatch.setattr(paths, "BUILD", tmp_path / "build")
    one_after_another, compared = changes.changes.one_after_another, []

    def counted(states, parameters):
        states = list(states)
        compared.append(len(states) - 1)
        return one_after_another(states, parameters)

    monkeypatch.setattr(changes.changes, "one_after_another", counted)
    sources = [{"source_id": "early", "published": "2025-02-03"}, {"source_id": "late", "published": "2025-06-30"}]
    steps = [{"claim_id": "c1", "source_id": "early"}, {"claim_id": "c2", "source_id": "late", "step": "in_talks"}]
    changes.by_month(make_ledger(sources=sources, steps=steps), Parameters())
    sources.append({"source_id": "new", "published": "2025-05-05"})
    steps.append({"claim_id": "c3", "source_id": "new", "step": "agreed"})
    grown = make_ledger(sources=sources, steps=steps)
    kept = changes.by_month(grown, Parameters())
    monkeypatch.setattr(paths, "BUILD", tmp_path / "afresh")
    assert changes.by_month(grown, Parameters()) == kept
    assert compared == [6, 2, 6]  # January to June; May and June; all again


def test_what_was_reported_last_is_what_the_months_tell_and_says_what_it_rests_on(make_ledger, tmp_path, monkeypatch):
    monkeypatch.setattr(paths, "BUILD", tmp_path / "build")
    sources = [{"source_id": "paper", "published": "2025-03-03"}]
    sources.append({"source_id": "digest", "kind": "digest", "published": "2025-05-05"})
    made = make_ledger(
        sources=sources,
        steps=[{"claim_id": "c00001", "source_id": "paper"}],
        acts=[{"claim_id": "c00002", "source_id": "digest", "date": "2025-05-02"}],
    )
    months = changes.by_month(made, Parameters())
    found = first._newest(pages.Pages(tmp_path, made, Parameters()), months)
    assert [(one["sentence"], one["claim"]) for one in found] == [
        ("an act (A Court, 2 May 2025; digests only), first reported by A Paper.", "c00002"),
        ("Rwanda: first reported, as asked (1 origin).", "c00001"),
    ]
    assert [(month.key, heading) for month in months for heading, _ in month.groups] == [
        ("2025-03", "Countries that moved a step"),
        ("2025-05", "Acts of courts, agencies and parliaments"),
    ]


def test_other_names_of_a_country_are_found(known):
    assert {"Swaziland", "SWZ", "Kingdom of Eswatini"} <= set(search_index.other_names("SWZ"))


def test_every_answer_can_be_recounted_from_its_page(found, known):
    computed = answers.compute(known, Parameters())
    for name, answer in computed.items():
        ids = [i for i in found[f"numbers/{name}.html"].ids if re.fullmatch(r"c\d{5,}", i)]
        assert ids == sorted(answer.claim_ids, key=provenance.claim_number)


def test_the_page_of_a_zero_says_its_rule_and_what_meets_it_in_part(make_ledger, tmp_path):
    single = {"arrangement_id": "lbr-single_case-2025", "instrument": "single_case"}
    made = make_ledger(
        arrangements=[single],
        steps=[
            {"arrangement_id": "lbr-removal-2025", "step": "signed", "date": "2025-02-01"},
            {"arrangement_id": "lbr-single_case-2025", "step": "agreed", "date": "2025-02-01"},
            {"arrangement_id": "lbr-single_case-2025", "step": "halted", "date": "2025-03-01"},
        ],
    )
    frame = pages.Pages(tmp_path, made, Parameters())
    numbers.write(frame, answers.compute(made, Parameters()), claims.rows(frame))
    text = text_of(tmp_path, "numbers/countries_agreed_stopped.html")
    assert "no claim stands behind it" in text
    assert "A country counts here if every one of its arrangements" in text
    assert re.search(
        r"<p>Stopped in part: <a [^>]*>Liberia</a> \(one person or family: halted; <a [^>]*>c00003</a>\)\.</p>", text
    )
    assert "<table" not in text
    assert "A country counts here" not in text_of(tmp_path, "numbers/countries_agreed.html")


def test_the_page_of_sources_says_how_much_of_them_was_read(make_ledger, tmp_path):
    sources = [
        {"source_id": "whole", "read": "full"},
        {"source_id": "begun"},
        {"source_id": "unseen", "read": "not_seen", "read_on": ""},
    ]
    made = make_ledger(sources=sources, steps=[{"source_id": "begun", "origin_id": "unseen"}, {"source_id": "whole"}])
    frame = pages.Pages(tmp_path, made, Parameters())
    lists.write(frame, denials.statements(made, denials.listed(made, Parameters())))
    told = "3 documents. Read in full: 1; in their opening, about 2,000 characters: 1; not seen, and known only through"
    assert told in text_of(tmp_path, "sources.html")


def test_a_page_links_into_the_report_from_where_it_lies(known, tmp_path):
    frame = pages.Pages(tmp_path, known, Parameters())
    frame.write(
        "countries/RWA.html", "Rwanda", '<p><a href="../reports/claims.html#c00001">c00001</a></p>', contents=[]
    )
    assert '<a href="../claims/none.html#c00001">c00001</a>' in text_of(tmp_path, "countries/RWA.html")  # all about it
    assert paths.REPORTS.name == "reports"  # what links.REPORT names


@pytest.mark.parametrize("code", ["MEX", "SLV", "RWA", "ATG", "SYR"])
def test_a_country_written_alone_has_the_page_that_it_has_among_all(report, known, tmp_path, code):
    stored = site.part(nbformat.read(paths.NOTEBOOKS / f"{site.BRIEF}.ipynb", as_version=4), "countries/RWA")
    questions = {path.stem: notebooks.question(path) for path in notebooks.all_of()} | {"countries/RWA": "One country"}
    alone = site.Report(tmp_path, questions, lambda name: stored, known, Parameters())
    alone.write(f"countries/{code}", alone=True)
    page = f"countries/{code}.html"
    assert (tmp_path / page).read_bytes() == (report / page).read_bytes()
