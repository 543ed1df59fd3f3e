// What a page of the report can do beyond its content: find, sort, filter, copy. Without this file nothing is missing but that.
"use strict";
document.documentElement.classList.add("scripted"); // before the page is laid out: long tables begin short
document.addEventListener("DOMContentLoaded", () => {
  const root = document.body.dataset.root;
  const make = (tag, values = {}, ...children) => {
    const node = Object.assign(document.createElement(tag), values);
    node.append(...children);
    return node;
  };
  const load = (file) =>
    new Promise((resolve, reject) => {
      const script = make("script", { src: root + file, onload: resolve, onerror: reject });
      document.head.append(script);
    });

  // On a phone the picture comes before the definitions; on paper both are there.
  const counted = document.querySelector("details.counted");
  if (counted && matchMedia("(max-width: 44rem)").matches) {
    counted.open = false;
    addEventListener("beforeprint", () => (counted.open = true));
  }

  // On a phone the navigation is one line that scrolls: what is open shall be in sight.
  const here = document.querySelector("header nav [aria-current]");
  if (here) here.closest("ul").scrollLeft = here.offsetLeft - innerWidth / 3;

  // --- find -----------------------------------------------------------------------------------------------------------
  const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
  let index;
  const ready = () =>
    (index ??= Promise.all([load("static/vendor/minisearch.js"), load("search-index.js")]).then(() => {
      const search = new MiniSearch({
        fields: ["text", "terms", "more"],
        storeFields: ["kind", "text", "terms", "more", "href", "weight"],
        processTerm: plain,
        searchOptions: { prefix: true, fuzzy: (term) => (term.length > 4 ? 0.2 : false), combineWith: "AND", boost: { text: 3, terms: 3 },
          boostDocument: (id, term, fields) => fields.weight },
      });
      search.addAll(window.ledgerIndex.map(([kind, text, more, terms, href, weight], id) => ({ id, kind, text, more, terms, href, weight })));
      return search;
    }));
  const named = (hit, words) => [hit.text, ...hit.terms.split("; ")].some((name) => plain(name) === plain(words.trim()));
  const found = async (words, most) => { // what is called exactly so stands first
    const hits = words.trim() ? (await ready()).search(words) : [];
    return [...hits.filter((hit) => named(hit, words)), ...hits.filter((hit) => !named(hit, words))].slice(0, most);
  };
  const entry = (hit) => [make("span", { className: "kind" }, hit.kind), hit.text, make("small", {}, hit.more)];

  const field = document.getElementById("find");
  const list = make("ul", { className: "found", id: "found", hidden: true });
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", "Found");
  field.after(list);
  for (const [name, value] of [["role", "combobox"], ["aria-autocomplete", "list"], ["aria-expanded", "false"], ["aria-controls", "found"]])
    field.setAttribute(name, value);
  let chosen = -1;
  const choose = (number) => { // null: none of them
    const options = [...list.children];
    chosen = options.length && number !== null ? (number + options.length) % options.length : -1;
    options.forEach((option, at) => option.setAttribute("aria-selected", String(at === chosen)));
    if (chosen < 0) return field.removeAttribute("aria-activedescendant");
    field.setAttribute("aria-activedescendant", options[chosen].id);
    options[chosen].scrollIntoView({ block: "nearest" });
  };
  const close = () => {
    list.hidden = true;
    field.setAttribute("aria-expanded", "false");
    choose(null);
    list.replaceChildren();
  };
  const show = async () => {
    const words = field.value;
    const hits = await found(words, 12);
    if (words !== field.value) return;
    if (!words.trim()) return close();
    list.replaceChildren(
      ...hits.map((hit, at) => {
        const option = make("li", { id: `found-${at}`, onmousedown: (event) => event.preventDefault(), onclick: () => (location.href = root + hit.href) }, ...entry(hit));
        option.setAttribute("role", "option");
        option.dataset.href = root + hit.href;
        return option;
      }),
    );
    list.hidden = !hits.length;
    field.setAttribute("aria-expanded", String(hits.length > 0));
    choose(hits.length && named(hits[0], words) ? 0 : null); // Enter opens a name typed in full; else the page Find has all
  };
  field.addEventListener("focus", ready, { once: true });
  field.addEventListener("input", show);
  field.addEventListener("blur", close);
  field.addEventListener("keydown", (event) => {
    if (event.key === "Escape") close();
    else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (list.hidden) show();
      else choose(event.key === "ArrowDown" ? chosen + 1 : Math.max(chosen, 0) - 1);
    } else if (event.key === "Enter" && chosen >= 0) {
      event.preventDefault();
      const target = list.children[chosen].dataset.href;
      close();
      location.href = target;
    }
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "/" && !/^(INPUT|SELECT|TEXTAREA)$/.test(document.activeElement.tagName)) {
      event.preventDefault();
      field.focus();
    }
  });
  const results = document.getElementById("results");
  const asked = new URLSearchParams(location.search).get("q");
  if (results && asked) {
    field.value = asked;
    found(asked, 60).then((hits) => {
      const items = hits.map((hit) => make("li", {}, make("span", { className: "kind" }, hit.kind), make("a", { href: root + hit.href }, hit.text), make("small", {}, hit.more)));
      results.replaceChildren(make("h2", {}, `${hits.length} found for “${asked}”`), make("ul", {}, ...items));
    });
  }

  // --- tables: sort, filter, facets; their state stands in the address -------------------------------------------------
  const WORTH = 8; // rows from which a table has controls
  const narrow = matchMedia("(max-width: 44rem)").matches;
  const FIRST = narrow ? 8 : 60; // rows of a long table laid out at once: thousands would keep a phone busy for seconds
  const LONG = narrow ? 8 : 150;
  const tables = [...document.querySelectorAll("table.ledger")].filter((table) => table.tBodies[0].rows.length >= WORTH);
  const state = () => new URLSearchParams(location.hash.includes("=") ? location.hash.slice(1) : "");
  const readers = [];
  const cellText = (cell) => (cell ? cell.dataset.value ?? cell.textContent.trim() : "");
  const sortKey = (cell) => {
    const text = cell.dataset.sort ?? cell.textContent.trim();
    const number = Number(text.replace(/,/g, ""));
    return text !== "" && !Number.isNaN(number) ? number : text.toLowerCase();
  };

  const enhance = (table) => {
    const name = table.id.replace(/^table-/, "");
    const alone = tables.length === 1;
    const key = (word) => (alone ? word : `${name}.${word}`);
    const body = table.tBodies[0];
    const heads = [...table.tHead.rows[0].cells];
    const rows = [...body.rows].map((row) => ({ row, cells: [...row.cells] }));
    const textOf = (one) => (one.text ??= plain(one.row.textContent)); // made when it is first searched
    const filters = {}; // name → a control with a value
    const controls = make("div", { className: "controls", role: "group" });
    controls.setAttribute("aria-label", `Sort and filter: ${table.caption.textContent}`);
    const count = make("output");
    const facets = make("div");
    const first = rows.length > LONG ? FIRST : Infinity;
    let most = first;
    let sorted = "";

    const change = (slow) => {
      const now = state();
      for (const [word, control] of Object.entries({ ...filters, sort: { value: sorted } })) {
        if (control.value) now.set(key(word), control.value);
        else now.delete(key(word));
      }
      const hash = now.toString();
      const address = location.href.split("#")[0] + (hash ? `#${hash}` : "");
      if (address !== location.href) history[slow ? "replaceState" : "pushState"](null, "", address);
      apply();
    };
    const control = (word, label, input, slow) => {
      filters[word] = input;
      let wait;
      input.addEventListener(slow ? "input" : "change", () => {
        clearTimeout(wait);
        wait = setTimeout(() => change(slow), slow ? 60 : 0);
      });
      input.id = `${name}-${word}`;
      (slow ? controls : facets).append(make("div", {}, make("label", { htmlFor: input.id }, label), input));
    };
    control("find", "Search these rows", make("input", { type: "search", autocomplete: "off" }), true);
    filters.find.addEventListener("focus", () => rows.forEach(textOf), { once: true });
    heads.forEach((head, at) => {
      const facet = head.dataset.facet;
      if (facet === "date") {
        control("from", "Public from", make("input", { type: "date" }));
        control("to", "to", make("input", { type: "date" }));
        filters.from.column = filters.to.column = at;
      } else if (facet) {
        const counts = new Map();
        for (const one of rows) {
          const value = cellText(one.cells[at]);
          if (value) counts.set(value, (counts.get(value) ?? 0) + 1);
        }
        const options = [...counts].sort(([a], [b]) => a.localeCompare(b, "en")).map(([value, many]) => make("option", { value }, `${value} (${many})`));
        control(facet, head.textContent, make("select", {}, make("option", { value: "" }, "all"), ...options));
        filters[facet].column = at;
      }
      const button = make("button", { type: "button" }, ...head.childNodes);
      button.addEventListener("click", () => {
        sorted = sorted === String(at + 1) ? `-${at + 1}` : sorted === `-${at + 1}` ? "" : String(at + 1);
        change();
      });
      head.replaceChildren(button);
    });
    const clear = make("button", { type: "button" }, "Show all");
    clear.addEventListener("click", () => {
      for (const input of Object.values(filters)) input.value = "";
      sorted = "";
      only = null;
      most = narrow ? Infinity : first;
      change();
    });
    controls.append(count, clear);
    if (facets.children.length) controls.append(make("details", { className: "facets", open: !narrow }, make("summary", {}, "Filters"), facets));
    table.closest(".table-scroll").before(controls);
    let order = "";
    let only = null;
    let sequence = rows;
    let visible = rows;
    let more = false;
    body.parentElement.classList.add("ready");

    const apply = () => {
      const words = plain(filters.find.value).split(/\s+/).filter(Boolean);
      const tests = Object.entries(filters).filter(([word, input]) => word !== "find" && input.value);
      if (order !== sorted) {
        order = sorted;
        const at = Math.abs(Number(sorted)) - 1;
        const way = sorted.startsWith("-") ? -1 : 1;
        const blank = (value) => value === "";
        const compare = ([a], [b]) =>
          blank(a) || blank(b) ? blank(a) - blank(b) : (typeof a === typeof b ? (a > b) - (a < b) : typeof a === "number" ? -1 : 1) * way;
        sequence = sorted ? rows.map((one) => [sortKey(one.cells[at]), one]).sort(compare).map(([, one]) => one) : rows;
      }
      heads.forEach((head, at) => {
        const way = sorted === String(at + 1) ? "ascending" : sorted === `-${at + 1}` ? "descending" : null;
        if (way) head.setAttribute("aria-sort", way);
        else head.removeAttribute("aria-sort");
      });
      const kept = sequence.filter(
        (one) =>
          words.every((word) => textOf(one).includes(word)) &&
          (!only || only.has(one.row.id)) &&
          tests.every(([word, input]) => {
            const cell = one.cells[input.column];
            const day = cell.dataset.sort ?? "";
            if (word === "from") return day >= input.value;
            if (word === "to") return day && day <= input.value; // what is undated lies in no span
            return cellText(cell) === input.value;
          }),
      );
      const fit = kept.length;
      // Only what is in sight is touched. What the address points to stands first where it would not be among it.
      const target = location.hash.length > 1 && kept.find((one) => one.row.id === location.hash.slice(1));
      const now = kept.slice(0, most);
      if (target && !now.includes(target)) now.unshift(target);
      const staying = new Set(now);
      for (const one of visible) if (!staying.has(one)) one.row.hidden = true;
      for (const one of now) if (one.row.hidden) one.row.hidden = false;
      if (now.some((one, at) => body.rows[at] !== one.row)) body.prepend(...now.map((one) => one.row));
      visible = now;
      const shown = now.length;
      more = shown < fit;
      const all = rows.length.toLocaleString("en");
      count.value = fit === rows.length ? `${all} rows` : `${fit.toLocaleString("en")} of ${all} rows`;
      if (shown < fit && narrow) count.value += `, the first ${shown} shown`;
      clear.textContent = `Show all ${all}`;
      clear.hidden = fit === rows.length && !sorted && (shown === fit || !narrow);
    };
    const frame = table.closest(".table-scroll");
    frame.addEventListener("scroll", () => {
      if (more && frame.scrollTop + 3 * frame.clientHeight > frame.scrollHeight) grow(most + FIRST);
    });
    const grow = (number) => {
      most = number;
      apply();
    };
    addEventListener("beforeprint", () => grow(Infinity));
    readers.push(() => {
      const now = state();
      for (const [word, input] of Object.entries(filters)) input.value = now.get(key(word)) ?? "";
      sorted = /^-?\d+$/.test(now.get(key("sort")) ?? "") && Math.abs(now.get(key("sort"))) <= heads.length ? now.get(key("sort")) : "";
      only = now.get("claims") ? new Set(now.get("claims").split(",")) : null;
      apply();
      rows.find((one) => one.row.id && one.row.id === location.hash.slice(1))?.row.scrollIntoView({ block: "center" });
    });
  };
  tables.forEach(enhance);
  const read = () => readers.forEach((reader) => reader());
  read();
  addEventListener("popstate", read);
  addEventListener("hashchange", read);

  // --- anchors and copying ---------------------------------------------------------------------------------------------
  for (const heading of document.querySelectorAll("main :is(h2, h3)[id]")) {
    const anchor = make("a", { className: "anchor", href: `#${heading.id}` }, "#");
    anchor.setAttribute("aria-label", `Link to: ${heading.textContent}`);
    heading.append(anchor);
  }
  const copy = async (button, text) => {
    const words = button.textContent;
    try {
      await navigator.clipboard.writeText(text);
      button.textContent = "Copied";
    } catch {
      button.textContent = text;
    }
    setTimeout(() => (button.textContent = words), 3000);
  };
  for (const claim of document.querySelectorAll("article.claim")) {
    const button = make("button", { type: "button" }, "Copy link");
    button.setAttribute("aria-label", `Copy link to ${claim.id}`);
    button.addEventListener("click", () => copy(button, location.href.split("#")[0] + `#${claim.id}`));
    claim.querySelector(".actions").append(button);
  }
});
