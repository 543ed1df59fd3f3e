"""Pages of prose: Method, coding rules, codebook, how to report a mistake. Markdown in, HTML with anchors out.

What belongs elsewhere: the texts (``data/METHOD.md``, ``data/CODING.md``, ``ledger.schema``).
"""

import re
from itertools import pairwise
from pathlib import Path

import markdown_it
from markdown_it.token import Token
from markupsafe import Markup

from analysis.ledger import schema
from analysis.report.site.pages import Pages
from analysis.values import paths

OF_FILE = {
    "METHOD.md": "method.html",
    "CODING.md": "coding.html",
    "CODEBOOK.md": "codebook.html",
    "CHANGELOG.md": "changes.html",
}
TITLES = {
    "METHOD.md": "Method",
    "CODING.md": "Coding rules",
    "CODEBOOK.md": "Codebook",
    "CHANGELOG.md": "Changes",
}  # what a link is called whose words are the name of such a file
GENERATED = re.compile(r"^Generated from .*\n", re.MULTILINE)  # for those who edit the file, not for readers
PAGES = ("method.html", "coding.html", "codebook.html", "corrections.html")
CRUMBS = (("index.html", "Overview"),)


def write(pages: Pages) -> None:
    """Write the pages of prose."""
    for file, title in (("METHOD.md", "Method"), ("CODING.md", "Coding rules")):
        pages.write(OF_FILE[file], title, html((paths.DATA / file).read_text(encoding="utf-8")), CRUMBS)
    pages.write("codebook.html", "Codebook", html(GENERATED.sub("", schema.page())), CRUMBS)
    pages.write("corrections.html", "Report a mistake", pages.render("corrections.html.j2", email=contact()), CRUMBS)


def write_codebook(path: Path = paths.DATA / "CODEBOOK.md") -> None:
    """Write the generated codebook."""
    Path(path).write_text(schema.page(), encoding="utf-8")


def contact() -> str:
    """The address for corrections: that of the first contributor in ``datapackage.json`` who gives one; blank if none does."""
    return next((one["email"] for one in schema.package().get("contributors", []) if one.get("email")), "")


def html(text: str, raised: int = 0, trusted: bool = False) -> Markup:
    """Markdown as HTML: headings with anchors, ``raised`` levels lower, tables that can scroll.

    Markup in the text is shown as it is typed, unless it is ``trusted``, as a notebook's is.
    """
    parser = markdown_it.MarkdownIt("commonmark", {"html": trusted}).enable("table")
    tokens = parser.parse(text)
    taken: set[str] = set()
    for number, token in enumerate(tokens):
        if token.type in ("heading_open", "heading_close"):
            token.tag = f"h{int(token.tag[1:]) + raised}"
        if token.type == "heading_open":
            token.attrSet("id", _once(slug(tokens[number + 1].content), taken))
        for child, after in pairwise([*(token.children or []), Token("text", "", 0)]):
            _relink(child, after)
    body = parser.renderer.render(_scrolling(tokens), parser.options, {})
    return Markup(body)


def inline(text: str) -> Markup:
    """One line of Markdown as HTML, with any markup in it shown as it is typed."""
    return Markup(markdown_it.MarkdownIt("commonmark", {"html": False}).renderInline(text))


def slug(words: str) -> str:
    """What a heading is called in an address: ``8. Rulings settled`` → ``rulings-settled``."""
    return re.sub(r"[^a-z0-9]+", "-", words.lower()).strip("-0123456789") or "section"


def _once(name: str, taken: set[str]) -> str:
    number, free = 2, name
    while free in taken:
        free, number = f"{name}-{number}", number + 1
    taken.add(free)
    return free


def _relink(token: Token, words: Token) -> None:
    """A link to a file of the project leads to the page made of it, and is called as that page is."""
    if token.type == "link_open":
        path, hashed, place = str(token.attrGet("href")).partition("#")
        file = path.rpartition("/")[2]
        token.attrSet("href", OF_FILE.get(file, path) + hashed + place)
        words.content = TITLES.get(words.content, words.content)


def _scrolling(tokens: list[Token]) -> list[Token]:
    """Each table in a frame that scrolls by keyboard, too; each cell with its heading, which a phone shows beside it."""
    found: list[Token] = []
    headings: list[str] = []
    for token, content in pairwise([*tokens, Token("", "", 0)]):
        if token.type == "table_open":
            token.attrSet("class", "cards")
            headings = []
            frame = '<div class="table-scroll" role="group" tabindex="0" aria-label="Table">'
            found.append(Token("html_block", "", 0, content=frame))
        elif token.type == "th_open":
            headings.append(content.content)
        elif token.type == "tr_open":
            column = 0
        elif token.type == "td_open":
            if column:
                token.attrSet("data-label", headings[column])
            column += 1
        found.append(token)
        if token.type == "table_close":
            found.append(Token("html_block", "", 0, content="</div>\n"))
    return found
