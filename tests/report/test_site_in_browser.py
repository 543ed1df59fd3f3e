"""The report in a real browser, without a network: a reporter's questions by clicks, keyboard, phone, no JavaScript, axe."""

import http.server
import re
import threading
from functools import partial

import pytest

from analysis import ledger
from analysis.values import paths
from analysis.views import answers
from analysis.views.parameters import Parameters

AXE = paths.PROJECT / "tests" / "node_modules" / "axe-core" / "axe.min.js"
# Rows of a table are alike: axe looks at the first of them, not at 1,300 claims.
SHORTEN = "document.querySelectorAll('tbody tr:nth-child(n + 26)').forEach((row) => row.remove())"

PHONE, TABLET, DESK = {"width": 390, "height": 844}, {"width": 768, "height": 1024}, {"width": 1280, "height": 900}
KINDS = (
    "index.html",
    "countries.html",
    "countries/RWA.html",
    "countries/UKR.html",
    "01_countries_by_region.html",
    "02_reported_payments.html",
    "05_evidence.html",
    "claims.html",
    "claims/RWA.html",
    "numbers/countries_received.html",
    "sources.html",
    "denials.html",
    "changes.html",
    "changes/2026-02.html",
    "method.html",
    "codebook.html",
    "corrections.html",
    "editions/index.html",
    "find.html",
)


@pytest.fixture(scope="module")
def numbers():
    return answers.compute(Parameters().apply(ledger.load()), Parameters())


def follow(page, target):
    """Click on what leads to another page, and wait until that is whole: a count of its rows would not wait."""
    with page.expect_event("load"):
        target.click()


class Visit:
    """A page in the browser that counts its clicks and keeps what the console says."""

    def __init__(self, context, address):
        self.page, self.base, self.clicks, self.said = context.new_page(), address, 0, []
        self.page.on("console", lambda message: self.said.append(message.text) if message.type == "error" else None)
        self.page.on("pageerror", lambda error: self.said.append(str(error)))

    def open(self, name):
        self.page.goto(f"{self.base}/{name}")
        return self.page

    def click(self, target):
        self.clicks += 1
        target.click()
        return self.page

    def follow(self, target):
        self.clicks += 1
        follow(self.page, target)
        return self.page

    def find(self, words):
        """Type into the search field and open the first result: counts as one click."""
        self.page.locator("#find").fill(words)
        self.page.locator("#found li").first.wait_for()
        return self.follow(self.page.locator("#found li").first)


@pytest.fixture
def visit(browser, report):
    """A visit of the folder, without a network, on a desk; the console must stay silent."""
    context = browser.new_context(viewport=DESK, offline=True)
    made = Visit(context, report.as_uri())
    yield made
    context.close()
    assert made.said == []


@pytest.fixture(scope="module")
def server(report):
    class Silent(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *_):
            pass

    served = http.server.ThreadingHTTPServer(("127.0.0.1", 0), partial(Silent, directory=report))
    threading.Thread(target=served.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{served.server_address[1]}"
    served.shutdown()
    served.server_close()


# --- the eight questions of a reporter, each in at most two clicks ----------------------------------------------------


def test_how_many_countries_have_received_people(visit, numbers):
    page = visit.open("index.html")
    assert page.locator("[data-quantity=countries_received] strong").inner_text() == numbers["countries_received"].words
    assert visit.clicks == 0


def test_what_was_paid_to_equatorial_guinea_and_is_it_confirmed(visit):
    visit.open("index.html")
    page = visit.find("Equatorial Guinea")
    money = page.locator(".box > div", has_text="Money, by stage")
    assert "USD" in money.inner_text()
    visit.click(money.locator("summary"))
    assert money.locator("a").first.is_visible()
    assert visit.clicks == 2


def test_when_was_rwanda_approached_and_when_did_that_become_public(visit):
    visit.open("index.html")
    page = visit.find("rwanda")
    box = page.locator(".box").inner_text()
    assert re.search("Approach\\sremoval: in talks, 1 to 31 Jan 2025", box)
    assert "First reported" in box
    assert visit.clicks == 1


def test_who_says_that_ukraine_was_asked(visit):
    visit.open("index.html")
    page = visit.find("ukraine")
    entry = page.locator(".chronology li", has_text="asked").first
    assert entry.locator("strong").inner_text() != ""
    assert entry.locator("a[href^=http]").first.get_attribute("href").partition("#:~:text=")[2] != ""
    assert visit.clicks == 1


def test_which_countries_deny(visit):
    page = visit.open("index.html")
    visit.follow(page.locator("header nav a", has_text="Denials"))
    assert page.url.endswith("/denials.html")
    assert page.locator("#table-denials tbody tr").count() > 10
    assert visit.clicks == 1


def test_what_changed_since_january_2026(visit):
    page = visit.open("index.html")
    visit.follow(page.locator("header nav a", has_text="Changes"))
    assert page.url.endswith("/changes.html")
    headings = page.locator("h3[id^=m]").all_inner_texts()
    assert any("January 2026" in text for text in headings)
    assert visit.clicks == 1


def test_how_many_people_were_sent_to_eswatini(visit):
    visit.open("index.html")
    page = visit.find("Swaziland")
    assert page.locator("h1").inner_text() == "Eswatini"
    assert "at least " in page.locator(".box > div", has_text="How many people").inner_text()
    assert visit.clicks == 1


def test_on_what_a_number_of_the_first_page_rests(visit, numbers):
    page = visit.open("index.html")
    visit.follow(page.locator("[data-quantity=countries_agreed]"))
    assert page.locator("tbody tr").count() == len(numbers["countries_agreed"].claim_ids)
    assert page.locator("tbody a[href^=http]").first.get_attribute("rel") == "noopener noreferrer"
    assert visit.clicks == 1


# --- find -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "first"),
    [
        ("DRC", "Democratic Republic of the Congo"),
        ("esvatini", "Eswatini"),
        ("bahamas", "The Bahamas"),
        ("reuters", "Reuters"),
        ("c00042", "c00042"),
    ],
)
def test_the_search_field_finds_by_other_names_misspelt_names_outlets_and_claims(visit, words, first):
    page = visit.open("countries/RWA.html")
    page.locator("#find").fill(words)
    page.locator("#found li").first.wait_for()
    names = page.locator("#found li").all_inner_texts()[:3]
    assert any(first in name or first.split()[-1] in name for name in names), names


def test_the_search_field_works_by_keyboard_alone(visit):
    page = visit.open("index.html")
    page.keyboard.press("/")
    page.keyboard.type("ghana")
    page.locator("#found li").first.wait_for()
    assert page.locator("#find").get_attribute("aria-expanded") == "true"
    page.keyboard.press("ArrowDown")
    active = page.locator("#find").get_attribute("aria-activedescendant")
    assert page.locator(f"#{active}").get_attribute("aria-selected") == "true"
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Escape")
    assert page.locator("#found").is_hidden()
    page.keyboard.type("ghana")
    page.locator("#found li").first.wait_for()
    page.keyboard.press("Enter")
    page.wait_for_url("**/countries/GHA.html")


@pytest.mark.parametrize(
    ("words", "opened"),
    [
        ("swaziland", "countries/SWZ.html"),
        ("Denials", "denials.html"),
        ("c00042", "claims/RWA.html#c00042"),
        ("supreme court", r"find.html\?q=supreme\+court"),
    ],
)
def test_enter_opens_a_name_typed_in_full_and_for_other_words_all_that_was_found(visit, words, opened):
    page = visit.open("index.html")
    page.locator("#find").fill(words)
    page.locator("#found li").first.wait_for()
    page.keyboard.press("Enter")
    page.wait_for_url(lambda address: re.search(f"/{opened}$", address))


def test_a_search_for_an_outlet_finds_what_it_was_the_first_to_report(visit):
    page = visit.open("find.html?q=guardian")
    page.locator("#results a").first.wait_for()
    assert page.locator("#results li", has_text="c81012").inner_text().count("first reported by The Guardian") == 1


def test_a_search_that_was_sent_shows_what_was_found(visit):
    page = visit.open("find.html?q=ghana")
    page.locator("#results a").first.wait_for()
    assert page.locator("#results a").first.inner_text() == "Ghana"


# --- tables -----------------------------------------------------------------------------------------------------------


def shown(page):
    return page.locator("tbody tr:not([hidden])")


def counted(page):
    """What the table says of its rows: ``1,694 rows``, ``62 of 1,694 rows``."""
    return page.locator(".controls output").inner_text()


def test_a_long_table_grows_while_it_is_scrolled_and_shows_a_claim_that_is_linked_to(visit):
    page = visit.open("claims.html")
    first = shown(page).count()
    page.locator(".table-scroll").evaluate("box => box.scrollTop = box.scrollHeight")
    shown(page).nth(first).wait_for(state="attached")
    visit.open("index.html")
    visit.open("claims.html#c00041")
    assert page.locator("#c00041").is_visible()


def test_a_long_table_is_printed_whole(visit):
    page = visit.open("claims.html#country=Rwanda")
    fit = int(counted(page).partition(" ")[0])
    assert shown(page).count() < fit
    page.pdf()
    assert shown(page).count() == fit


def test_claims_are_chosen_by_facets_and_the_address_keeps_the_choice(visit, browser, report):
    page = visit.open("claims.html")
    everything = counted(page)
    page.get_by_label("Country", exact=True).select_option("Rwanda")
    page.get_by_label("Stance", exact=True).select_option("asserts")
    page.wait_for_url("**stance=asserts")
    few = counted(page)
    assert few != everything
    assert few.endswith(f" of {everything}")
    assert set(page.locator("tbody tr:not([hidden]) td:nth-of-type(1)").all_inner_texts()) == {"Rwanda"}
    assert page.url.endswith("#country=Rwanda&stance=asserts")
    colleague = browser.new_context(offline=True).new_page()
    colleague.goto(page.url)
    assert counted(colleague) == few
    page.go_back()
    page.go_back()
    assert counted(page) == everything
    page.go_forward()
    assert page.get_by_label("Country", exact=True).input_value() == "Rwanda"
    colleague.context.close()


def test_claims_are_chosen_by_day_by_words_and_by_number(visit):
    page = visit.open("claims.html#from=2026-01-01&to=2026-01-31")
    days = page.locator("tbody tr:not([hidden]) td:last-of-type").all_inner_texts()
    assert {day.split(" ", 1)[1] for day in days} == {"Jan 2026"}
    page.get_by_role("button", name="Show all").click()
    page.get_by_label("Search these rows").fill("cote ivoire")
    page.wait_for_url("**find=*")
    assert "of " in page.locator(".controls output").inner_text()
    visit.open("claims.html#claims=c00001,c00002")
    page.reload()
    assert shown(page).count() == 2


def test_a_table_is_sorted_by_its_heads(visit):
    page = visit.open("countries.html")
    heads = page.locator("#table-countries thead button")
    heads.filter(has_text="Origins").click()
    assert page.locator("th[aria-sort=ascending]").inner_text().startswith("Origins")
    heads.filter(has_text="Origins").click()
    column = [text.startswith("Origins") for text in page.locator("#table-countries thead th").all_inner_texts()].index(
        True
    )
    cells = page.locator(f"#table-countries tbody tr > :nth-child({column + 1})").all_inner_texts()
    assert [int(cell) for cell in cells] == sorted((int(cell) for cell in cells), reverse=True)
    assert "sort=-" in page.url
    page.go_back()
    page.go_back()
    assert page.locator("th[aria-sort]").count() == 0


def test_days_are_sorted_as_days(visit):
    page = visit.open("claims.html#sort=10")
    keys = page.locator("tbody tr:not([hidden]) td:last-of-type").evaluate_all(
        "cells => cells.map(cell => cell.dataset.sort)"
    )
    assert keys == sorted(keys)


def test_heads_stay_in_sight(visit):
    page = visit.open("claims.html")
    page.locator(".table-scroll").evaluate("box => box.scrollTop = 5000")
    top = page.locator(".table-scroll").bounding_box()["y"]
    assert abs(page.locator("thead th").first.bounding_box()["y"] - top) < 3


def test_many_claims_of_a_cell_open_in_place(visit):
    page = visit.open("countries.html")
    cell = page.locator("#table-countries details").first
    assert not cell.locator("a").first.is_visible()
    cell.locator("summary").focus()
    page.keyboard.press("Enter")
    assert cell.locator("a").first.is_visible()


def test_a_claim_that_is_linked_to_is_in_sight_and_its_link_can_be_copied(visit):
    page = visit.open("claims/RWA.html")
    claim = page.locator("article.claim").last.get_attribute("id")
    visit.open(f"claims/RWA.html#{claim}")
    assert page.locator(f"#{claim}").evaluate("e => e.getBoundingClientRect().top < innerHeight")
    page.get_by_role("button", name=f"Copy link to {claim}").click()


# --- everybody --------------------------------------------------------------------------------------------------------


def test_the_first_stop_leads_to_the_content_and_none_is_a_trap(visit):
    page = visit.open("index.html")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the content"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    before = "main"
    for _ in range(12):
        page.keyboard.press("Tab")
        now = page.evaluate("[...document.querySelectorAll('*')].indexOf(document.activeElement)")
        assert now != before
        before = now


@pytest.mark.parametrize("size", [PHONE, TABLET, DESK], ids=["390", "768", "1280"])
def test_no_page_scrolls_sideways(browser, report, size):
    context = browser.new_context(viewport=size, offline=True)
    page = context.new_page()
    wide = {}
    for name in KINDS:
        page.goto(f"{report.as_uri()}/{name}")
        if page.evaluate("document.documentElement.scrollWidth") > size["width"]:
            wide[name] = page.evaluate("document.documentElement.scrollWidth")
    context.close()
    assert wide == {}


def test_on_a_phone_each_row_is_a_card_with_its_labels(browser, report):
    context = browser.new_context(viewport=PHONE, offline=True)
    page = context.new_page()
    page.goto(f"{report.as_uri()}/countries.html")
    cell = page.locator("#table-countries tbody tr:first-child td").first
    assert cell.evaluate("cell => getComputedStyle(cell, '::before').content").strip('"') != "none"
    assert cell.bounding_box()["width"] > 250
    assert shown(page).count() == 8
    page.get_by_role("button", name="Show all").click()
    assert shown(page).count() > 60
    context.close()


@pytest.mark.parametrize("name", ["codebook.html", "coding.html", "changes.html"])
def test_on_a_phone_the_tables_of_a_text_are_cards_read_without_scrolling_sideways(browser, report, name):
    context = browser.new_context(viewport=PHONE, offline=True)
    page = context.new_page()
    page.goto(f"{report.as_uri()}/{name}")
    frames = page.locator("main .table-scroll")
    cell = frames.first.locator("tbody tr:first-child td").last
    assert cell.evaluate("cell => getComputedStyle(cell, '::before').content").strip('"') != "none"
    assert cell.bounding_box()["width"] > 250
    assert frames.evaluate_all("all => all.filter((one) => one.scrollWidth > one.clientWidth).length") == 0
    context.close()


def test_without_javascript_all_content_is_there(browser, report, numbers):
    context = browser.new_context(viewport=DESK, offline=True, java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{report.as_uri()}/claims.html")
    assert page.locator("tbody tr").count() == page.locator("tbody tr[id]").count() > 1000
    assert page.locator("tbody tr").last.is_visible()
    page.goto(f"{report.as_uri()}/index.html")
    follow(page, page.locator("[data-quantity=countries_received]"))
    assert page.locator("tbody tr").count() == len(numbers["countries_received"].claim_ids)
    page.locator("#find").fill("ghana")
    follow(page, page.get_by_role("button", name="Find"))
    follow(page, page.locator("main a", has_text="Ghana").first)
    assert page.locator("h1").inner_text() == "Ghana"
    page.locator(".box summary").first.click()
    assert page.locator(".box details a").first.is_visible()
    context.close()


def test_from_a_server_every_kind_of_page_is_silent_and_all_its_files_are_there(browser, server):
    context = browser.new_context(viewport=DESK)
    missing = []
    visit = Visit(context, server)
    visit.page.on("response", lambda answer: missing.append(answer.url) if answer.status >= 400 else None)
    visit.page.on(
        "request", lambda asked: missing.append(asked.url) if not asked.url.startswith((server, "data:")) else None
    )
    for name in KINDS:
        visit.open(name)
    visit.open("index.html")
    visit.find("ghana")
    context.close()
    assert (missing, visit.said) == ([], [])


@pytest.mark.skipif(not AXE.exists(), reason="no axe-core here (npm ci in tests/): pages were not tried with it")
@pytest.mark.parametrize("size", [PHONE, DESK], ids=["390", "1280"])
def test_axe_finds_no_barrier(browser, report, size):
    tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
    context = browser.new_context(viewport=size, offline=True, bypass_csp=True)
    page = context.new_page()
    wrong = {}
    for name in KINDS:
        page.goto(f"{report.as_uri()}/{name}")
        page.evaluate(SHORTEN)
        page.add_script_tag(path=AXE)
        found = page.evaluate("tags => axe.run(document, { runOnly: tags, resultTypes: ['violations'] })", tags)
        if found["violations"]:
            wrong[name] = [(one["id"], len(one["nodes"]), one["nodes"][0]["html"][:160]) for one in found["violations"]]
    context.close()
    assert wrong == {}
