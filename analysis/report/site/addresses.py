"""Addresses outside the report: which of them may become links, and how they open at the printed words.

A cell of the ledger is typed by a person, so an address counts as hostile until it has been looked at.

Typical use::

    addresses.at_the_words("https://example.org/a", "has agreed")
"""

import ipaddress
from urllib.parse import quote, urlsplit

import pandas as pd

ARCHIVE = "https://web.archive.org/web"


def safe(url: str) -> str:
    """The address if a page may link to it, else nothing.

    It may if it is http or https, to a public host by name or number, without a user name, a blank or a control character.
    """
    if not url or any(character <= " " or character in "\"'<>\\`" or ord(character) == 127 for character in url):
        return ""
    try:
        parts = urlsplit(url)
        host, _ = (parts.hostname or "").rstrip("."), parts.port
    except ValueError:
        return ""
    if parts.scheme not in ("http", "https") or "@" in parts.netloc or not _public(host):
        return ""
    return url


def _public(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_global
    except ValueError:
        named = "." in host and not host.endswith((".localhost", ".local", ".internal", ".test", ".invalid"))
        return named and not host.rpartition(".")[2].isdecimal() and not host.rpartition(".")[2].startswith("0x")


def at_the_words(url: str, wording: str) -> str:
    """The address with which a browser scrolls to the printed words and marks them; nothing if it is not :func:`safe`."""
    if not safe(url) or not wording:
        return safe(url)
    words = quote(wording, safe="").replace("-", "%2D")
    return f"{url}{'' if '#' in url else '#'}:~:text={words}"


def archived(url: str, day: pd.Timestamp) -> str:
    """Where the Web Archive shows the copy nearest to ``day``, the newest without one; nothing if it is not :func:`safe`."""
    if not safe(url):
        return ""
    stamp = f"{day:%Y%m%d}" if pd.notna(day) else "2"
    return f"{ARCHIVE}/{stamp}/{url.partition('#')[0]}"
