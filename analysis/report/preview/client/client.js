// Follows the preview's events: loads the page anew when it was made anew, keeping place and open parts; shows problems above it.
"use strict";
(() => {
  const own = new URL(".", document.currentScript.src);
  const root = new URL("..", own);
  const page = decodeURIComponent(location.pathname.slice(root.pathname.length)) || "index.html";
  const kept = `preview ${page}`;

  const box = document.createElement("section");
  box.id = "preview";
  box.setAttribute("role", "status");
  box.setAttribute("aria-live", "polite");
  box.style.cssText =
    "position:fixed;inset:auto 0 0 0;z-index:1000;max-height:60vh;overflow:auto;padding:.6rem 1rem;" +
    "font:15px/1.4 system-ui,sans-serif;background:#7a1f1f;color:#fff;box-shadow:0 -2px 12px rgb(0 0 0/.35)";
  box.hidden = true;

  const show = (lines) => {
    box.replaceChildren();
    box.hidden = lines.length === 0;
    if (box.hidden) return;
    const heading = document.createElement("strong");
    heading.textContent = `${lines.length === 1 ? "One problem" : `${lines.length} problems`}; below is the last good page`;
    const close = document.createElement("button");
    close.textContent = "Hide";
    close.style.cssText = "float:right";
    close.addEventListener("click", () => show([]));
    const list = document.createElement("ol");
    for (const line of lines) {
      const item = document.createElement("li");
      item.textContent = line;
      item.style.cssText = "overflow-wrap:anywhere";
      list.append(item);
    }
    box.append(close, heading, list);
  };

  const parts = () => [...document.querySelectorAll("details")];
  const remember = () => {
    const open = parts().flatMap((part, number) => (part.open ? [number] : []));
    sessionStorage.setItem(kept, JSON.stringify({ x: scrollX, y: scrollY, open }));
  };
  const restore = () => {
    const found = JSON.parse(sessionStorage.getItem(kept) || "null");
    sessionStorage.removeItem(kept);
    if (!found) return;
    for (const number of found.open) if (parts()[number]) parts()[number].open = true;
    scrollTo(found.x, found.y);
  };

  const title = document.title;
  const events = new EventSource(new URL(`events?page=${encodeURIComponent(page)}`, own));
  events.addEventListener("working", () => { document.title = `… ${title}`; });
  events.addEventListener("done", () => { document.title = title; show([]); });
  events.addEventListener("problems", (event) => { document.title = title; show(JSON.parse(event.data)); });
  events.addEventListener("reload", () => { remember(); location.reload(); });
  document.body.append(box);
  addEventListener("load", restore);
  if (document.readyState === "complete") restore();
})();
