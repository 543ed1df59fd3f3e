"""What matplotlib writes as SVG, made fit to stand in a page: titles of marks, links, text without a font, no loose ids.

What belongs elsewhere: what is drawn (the sibling modules), which form a page shows (``report``).

Typical use::

    svg.tidy(written, "Bar chart of 68 countries")
"""

import re
import xml.etree.ElementTree as ET
from pathlib import Path

import matplotlib

NO_METADATA = ("Date", "Creator", "Format", "Type")
NARROW_TYPE = "image/svg+xml;form=narrow"
TITLE = "title: "  # an artist whose gid begins so has the rest as its title
FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, 'DejaVu Sans', sans-serif"
NAMESPACE = "http://www.w3.org/2000/svg"


def tidy(written: bytes, alt: str) -> str:
    """The SVG element as text, with ``alt`` as its label.

    A group whose id begins with :data:`TITLE` gets a ``<title>`` instead, which also names the link in it. Links can be
    clicked and read out, but are no stops of the tab key: the table beside a figure has them all. Text names no font of its
    own: the root does, and a page's style sheet may name another. Ids that nothing refers to are dropped, so that several
    figures can stand in one page.
    """
    root = ET.fromstring(written)
    for element in root.iter():
        element.tag = element.tag.rpartition("}")[2]
        element.attrib = {_local(name): value for name, value in element.attrib.items()}
    for parent in list(root.iter()):
        for child in [child for child in parent if child.tag in ("metadata", "style")]:
            parent.remove(child)
    _name_marks(root)
    referenced = _referenced(root)
    for element in root.iter():
        if element.get("id") not in referenced:
            element.attrib.pop("id", None)
        if "d" in element.attrib:
            element.set("d", _shortened(element.get("d", "")))
        if element.get("transform", "").startswith("rotate(-0 "):
            del element.attrib["transform"]
        for name in ("x", "y", "transform", "width", "height"):
            if name in element.attrib and element is not root:
                element.set(name, _rounded(element.get(name, ""), 2))
        if element.tag in ("text", "tspan") and "style" in element.attrib:
            _drop_font(element)
        if element.get("style", "").endswith("; stroke-linejoin: miter"):
            element.set("style", element.get("style", "").removesuffix("; stroke-linejoin: miter"))
    _unwrap(root)
    _one_line_each(root)
    root.attrib = {
        "xmlns": NAMESPACE,
        "role": "group",
        "aria-label": alt,
        "font-family": FONT,
        "stroke-linejoin": "miter",
        "stroke-linecap": "butt",
        "viewBox": root.get("viewBox", ""),
        "width": root.get("width", ""),
        "height": root.get("height", ""),
    }
    return ET.tostring(root, encoding="unicode") + "\n"


def _local(name: str) -> str:
    """An attribute without its namespace: ``href`` for ``xlink:href``, which browsers have read for years."""
    return name.rpartition("}")[2]


def _name_marks(root: ET.Element) -> None:
    for group in [element for element in root.iter("g") if element.get("id", "").startswith(TITLE)]:
        words = group.attrib.pop("id").removeprefix(TITLE)
        title = ET.Element("title")
        title.text = words
        links = list(group.iter("a"))
        (links[0] if links else group).insert(0, title)
    for link in root.iter("a"):
        link.attrib.pop("target", None)
        link.set("tabindex", "-1")


def _referenced(root: ET.Element) -> set[str]:
    found = set()
    for element in root.iter():
        for value in element.attrib.values():
            found.update(re.findall(r"url\(#([^)]+)\)", value))
        if element.tag == "use":
            found.add(element.get("href", "").removeprefix("#"))
    return found


def _rounded(value: str, digits: int) -> str:
    """Numbers cut to ``digits`` places after the point; lines of a path joined."""
    return re.sub(rf"(\.\d{{{digits}}})\d+", r"\1", value).replace("\n", "").strip()


def _shortened(path: str) -> str:
    """A path in tenths of a point; where it is made of straight lines only, each point as its distance from the last."""
    words = path.split()
    if not words or not set(words).isdisjoint("QCSTAHV"):
        return _rounded(path, 1)
    parts: list[str] = []
    last, numbers, command, first = (0, 0), [], "M", False
    for word in words:
        if word in "MLz":
            command = word
            if word == "z":
                parts.append("z")
            continue
        numbers.append(round(float(word) * 10))
        if len(numbers) == 2:
            x, y = numbers
            step = (x, y) if command == "M" else (x - last[0], y - last[1])
            if command == "M" or step != (0, 0):
                parts.append("M" if command == "M" else "l" if (parts and parts[-1] in ("z", "M")) or first else " ")
                first = command == "M"
                parts.append(f"{_tenths(step[0])} {_tenths(step[1])}")
            last, numbers = (x, y), []
    return "".join(parts).replace(" -", "-")


def _tenths(value: int) -> str:
    return f"{value / 10:g}".replace("0.", ".", 1) if abs(value) < 10 and value else f"{value / 10:g}"


def _drop_font(element: ET.Element) -> None:
    declarations = [part.strip() for part in element.get("style", "").split(";")]
    element.set("style", "; ".join(part for part in declarations if part and not part.startswith("font-family")))


def _unwrap(element: ET.Element) -> None:
    """Groups that say nothing are replaced by what is in them."""
    for child in list(element):
        _unwrap(child)
        if child.tag in ("g", "defs") and not child.attrib and (child.tag == "g" or not len(child)):
            if len(child) and child[0].tag == "title":
                continue
            place = list(element).index(child)
            element.remove(child)
            for number, grandchild in enumerate(list(child)):
                element.insert(place + number, grandchild)


def _one_line_each(root: ET.Element) -> None:
    """Line breaks between elements, none within text."""
    for element in root.iter():
        element.tail = "\n"
        if element.tag not in ("text", "tspan", "title") or len(element):
            element.text = "\n" if len(element) else None
    root.tail = None


def to_png(picture: str, width: int) -> bytes:
    """A figure's SVG as PNG, ``width`` pixels wide, on any machine in the font that matplotlib brings with it."""
    import resvg_py  # not needed to show a figure in a notebook

    fonts = Path(matplotlib.get_data_path()) / "fonts" / "ttf"
    names = [str(fonts / name) for name in ("DejaVuSans.ttf", "DejaVuSans-Bold.ttf")]
    look = {
        "skip_system_fonts": True,
        "font_files": names,
        "font_family": "DejaVu Sans",
        "sans_serif_family": "DejaVu Sans",
    }
    return bytes(resvg_py.svg_to_bytes(svg_string=picture, width=width, dpi=96, **look))
