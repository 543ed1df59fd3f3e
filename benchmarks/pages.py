"""How fast the page of all claims answers on a slow device: ``python benchmarks/pages.py``.

The page is written by the report's own code, once with the claims of the ledger and once with each of them ten times, and
opened in Chromium from a folder with the processor slowed down four times. Shown are medians of five: seconds until the
page takes input (its script has run and a frame is painted), and milliseconds from a choice, a sort or typed words to the
painted rows. What was typed is waited for before it is looked for, which is part of its time.
"""

import shutil
import statistics
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

from analysis import ledger
from analysis.report.site import claims
from analysis.report.site.pages import STATIC, Pages
from analysis.views.parameters import Parameters

ROUNDS, SLOWER, TIMES = 5, 4, (1, 10)
PAINTED = "await new Promise(done => requestAnimationFrame(() => setTimeout(done)));"
READY = f"async () => {{ {PAINTED} return performance.now() / 1000; }}"
# Each changes one control and resolves when the count beside the table was written again and the rows are painted.
ACT = f"""async ([selector, type, value]) => {{
  const control = document.querySelector(selector);
  control.focus();
  const start = performance.now();
  const all = {{subtree: true, childList: true, attributes: true, characterData: true}};
  const changed = new Promise(done => new MutationObserver(done).observe(document.querySelector(".controls"), all));
  if (type === "click") control.click(); else {{ control.value = value; control.dispatchEvent(new Event(type)); }}
  await changed;
  {PAINTED}
  return performance.now() - start;
}}"""
ACTIONS = {
    "choose a country": ("#claims-country", "change", "Rwanda"),
    "choose all again": ("#claims-country", "change", ""),
    "sort by day": ("thead th:last-child button", "click", ""),
    "type a word": ("#claims-find", "input", "eswatini"),
}


def write(folder: Path, times: int) -> int:
    """Write the page with each claim ``times`` times, and what it needs; the number of its rows."""
    known = Parameters().apply(ledger.load())
    pages = Pages(folder, known, Parameters())
    once = claims.rows(pages, known.claims["claim_id"])
    rows = [row | {"claim_id": f"{row['claim_id']}{n or ''}"} for n in range(times) for row in once]
    pages.write("claims.html", "Claims", pages.render("claims.html.j2", rows=rows, outlets=1), contents=[])
    shutil.copytree(STATIC, folder / "static")
    return len(rows)


def measure(page: Path) -> dict[str, float]:
    """One round in a browser of its own: what was done → seconds until ready, milliseconds for the rest."""
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        tab = browser.new_page()
        tab.set_default_timeout(300_000)
        tab.context.new_cdp_session(tab).send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
        tab.goto(page.as_uri())
        found = {"ready": tab.evaluate(READY)}
        found |= {name: tab.evaluate(ACT, list(action)) for name, action in ACTIONS.items()}
        browser.close()
    return found


def main() -> None:
    """Print the table."""
    print(f"| Claims | Size, MB | Ready, s | {' | '.join(f'{name}, ms' for name in ACTIONS)} |")
    print(f"|{'---|' * (3 + len(ACTIONS))}")
    for times in TIMES:
        with tempfile.TemporaryDirectory() as folder:
            rows = write(Path(folder), times)
            page = Path(folder, "claims.html")
            rounds = [measure(page) for _ in range(ROUNDS)]
            size = page.stat().st_size / 1e6
        median = {name: statistics.median(one[name] for one in rounds) for name in rounds[0]}
        cells = [f"{median.pop('ready'):.1f}", *(f"{value:.0f}" for value in median.values())]
        print(f"| {rows:,} | {size:.1f} | {' | '.join(cells)} |")


if __name__ == "__main__":
    sys.exit(main())
