"use strict";
(() => {
  const { texts, kinds, rows: told } = JSON.parse(document.getElementById("data").textContent);
  const FIELDS = ["family", "op", "verdict", "claim", "why", "method", "rests", "assumes"];
  const rows = told.map(([stem, part, time, kind, worst = 0, refutation = 0, question = 0, graph = 0]) => {
    const [passes, ...numbers] = kinds[kind];
    const row = { id: texts[stem] + texts[part], passes, time, worst: texts[worst], refutation, question, graph };
    FIELDS.forEach((field, place) => { row[field] = texts[numbers[place]]; });
    return row;
  });
  const STEP = 200;
  const at = (id) => document.getElementById(id);
  const body = at("rows").tBodies[0];
  const heads = [...at("rows").querySelectorAll("th")];
  const search = at("search"), verdict = at("verdict"), family = at("family"), more = at("more"), count = at("count");
  const parts = [...document.querySelectorAll(".part")];
  const refutations = parts.filter((part) => part.matches("article"));
  const words = new Map(), wordsOf = (part) => words.get(part) ?? words.set(part, part.textContent.toLowerCase()).get(part);
  let shown = STEP, sorted = null, down = false, found = [], only = null;

  const element = (name, text, kind) => {
    const made = document.createElement(name);
    if (text !== undefined) made.textContent = text;
    if (kind) made.className = kind;
    return made;
  };
  const link = (text, place) => {
    const made = element("a", text);
    made.href = "#" + place;
    return made;
  };

  const said = (row) => {
    const list = element("dl");
    for (const [name, field] of [["claim", "claim"], ["why not", "why"], ["method", "method"], ["rests on", "rests"], ["assumes", "assumes"], ["worst error in ulps", "worst"]])
      if (row[field]) list.append(element("dt", name), element("dd", row[field]));
    for (const [name, field, place] of [["refutation", "refutation", "refutation-"], ["in SMT-LIB", "question", "question-"], ["graph", "graph", "graph-"]]) {
      if (!row[field]) continue;
      const where = element("dd");
      where.append(link("see it", place + row[field]));
      list.append(element("dt", name), where);
    }
    return list;
  };

  const drawn = (row) => {
    const line = element("tr"), first = element("td"), details = element("details");
    const verdicts = element("td", row.verdict + (row.passes ? "" : ", not met"), row.passes ? "good" : "bad");
    details.append(element("summary", "evidence"));
    details.addEventListener("toggle", () => details.children.length > 1 || details.append(said(row)));
    details.open = !row.passes || row === only;
    first.append(link(row.id, row.refutation ? "refutation-" + row.refutation : "row=" + encodeURIComponent(row.id)), details);
    line.append(first, element("td", row.family), element("td", row.op), verdicts, element("td", (row.time / 1000).toFixed(3) + " s", "number"));
    return line;
  };

  const show = () => {
    body.replaceChildren(...found.slice(0, shown).map(drawn));
    more.hidden = found.length <= shown;
    count.textContent = found.length + " of " + rows.length + " obligations" + (found.length > shown ? ", the first " + shown + " shown" : "");
  };

  const choose = () => {
    const asked = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    const has = (text) => asked.every((word) => text.includes(word));
    const matches = (row) => has(["id", ...FIELDS].map((field) => row[field]).join(" ").toLowerCase());
    found = only ? [only] : rows.filter((row) =>
      (!family.value || row.family === family.value) &&
      (!verdict.value || (verdict.value === "not met" ? !row.passes : row.verdict === verdict.value)) && matches(row));
    if (sorted !== null) {
      const order = new Intl.Collator("en", { numeric: true }).compare;
      found.sort((a, b) => (down ? -1 : 1) * order(String(a[sorted]), String(b[sorted])));
    }
    for (const part of parts) part.hidden = asked.length > 0 && !has(wordsOf(part));
    const kept = refutations.filter((part) => !part.hidden).length;
    at("found").textContent = asked.length ? kept + " of " + refutations.length + " refutations and " + found.length + " of " + rows.length + " obligations" + (kept ? "; Enter opens the first refutation" : "") : "";
    shown = STEP;
    show();
  };

  heads.forEach((head) => {
    const button = element("button", head.textContent);
    button.type = "button";
    head.replaceChildren(button);
    button.addEventListener("click", () => {
      const field = head.dataset.field === "obligation" ? "id" : head.dataset.field;
      down = sorted === field && !down;
      sorted = field;
      heads.forEach((other) => other.removeAttribute("aria-sort"));
      head.setAttribute("aria-sort", down ? "descending" : "ascending");
      choose();
    });
  });

  /* A refutation is a page of its own: with its link in the address bar, nothing else is in sight. */
  const alone = (article) => {
    document.body.classList.toggle("alone", article !== null);
    refutations.forEach((part) => part.classList.toggle("chosen", part === article));
    at("alone").hidden = article === null;
    if (article === null) return;
    article.hidden = false;
    article.firstElementChild.open = true;
    const place = refutations.indexOf(article);
    for (const [name, other] of [["previous", refutations[place - 1]], ["next", refutations[place + 1]]]) {
      at(name).hidden = !other;
      if (other) at(name).href = "#" + other.id;
    }
    scrollTo(0, 0);
    article.focus({ preventScroll: true });
  };

  const follow = () => {
    const place = location.hash.slice(1), target = place && at(place);
    alone(target && target.matches("article") ? target : null);
    if (target && target.matches("details")) {
      target.open = true;
      target.hidden = false;
    }
    if (target && !target.matches("article")) target.scrollIntoView();
    const was = only;
    only = null;
    if (place.startsWith("row=")) {
      try { only = rows.find((row) => row.id === decodeURIComponent(place.slice(4))) ?? null; } catch { return; }
    }
    if (only || was) choose();
    if (only) at("all").scrollIntoView();
  };

  const typed = () => {
    if (only || document.body.classList.contains("alone")) {
      history.pushState(null, "", "#top");
      only = null;
      alone(null);
    }
    choose();
  };

  let waiting;
  search.addEventListener("input", () => { clearTimeout(waiting); waiting = setTimeout(typed, 120); });
  verdict.addEventListener("change", typed);
  family.addEventListener("change", typed);
  at("filter").addEventListener("submit", (event) => {
    event.preventDefault();
    clearTimeout(waiting);
    typed();
    const first = refutations.find((part) => !part.hidden);
    if (search.value && first) location.hash = first.id;
  });
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    if (event.key === "/" && !event.target.matches("input, select")) {
      event.preventDefault();
      search.focus();
    } else if (event.key === "Escape" && document.body.classList.contains("alone")) location.hash = "refutations";
  });
  more.addEventListener("click", () => { shown += 5 * STEP; show(); });
  addEventListener("hashchange", follow);
  addEventListener("popstate", follow);
  at("filter").hidden = false;
  choose();
  follow();
})();
