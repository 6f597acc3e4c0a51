"use strict";
(() => {
  const { texts, rows } = JSON.parse(document.getElementById("data").textContent);
  const [ID, PASSES, TIME, ANCHOR, FAMILY, OP, VERDICT, CLAIM, WHY, METHOD, RESTS, ASSUMES, WORST] = Array(13).keys();
  const STEP = 200;
  const of = (row, field) => (field >= FAMILY ? texts[row[field]] : row[field]);
  const at = (id) => document.getElementById(id);
  const body = at("rows").tBodies[0];
  const heads = [...at("rows").querySelectorAll("th")];
  const search = at("search"), verdict = at("verdict"), family = at("family"), more = at("more"), count = at("count");
  let shown = STEP, sorted = null, down = false, found = [];

  const element = (name, text, kind) => {
    const made = document.createElement(name);
    if (text !== undefined) made.textContent = text;
    if (kind) made.className = kind;
    return made;
  };

  const said = (row) => {
    const list = element("dl");
    for (const [name, field] of [["claim", CLAIM], ["why not", WHY], ["method", METHOD], ["rests on", RESTS], ["assumes", ASSUMES], ["worst error in ulps", WORST]])
      if (of(row, field)) list.append(element("dt", name), element("dd", of(row, field)));
    return list;
  };

  const drawn = (row) => {
    const line = element("tr"), first = element("td"), link = element("a", of(row, ID));
    const details = element("details"), verdicts = element("td", of(row, VERDICT) + (row[PASSES] ? "" : ", not met"), row[PASSES] ? "good" : "bad");
    link.href = row[ANCHOR] ? "#" + row[ANCHOR] : "#row=" + encodeURIComponent(of(row, ID));
    details.append(element("summary", "evidence"));
    details.addEventListener("toggle", () => details.children.length > 1 || details.append(said(row)));
    details.open = !row[PASSES];
    first.append(link, details);
    line.append(first, element("td", of(row, FAMILY)), element("td", of(row, OP)), verdicts, element("td", (row[TIME] / 1000).toFixed(3) + " s", "number"));
    return line;
  };

  const show = () => {
    body.replaceChildren(...found.slice(0, shown).map(drawn));
    more.hidden = found.length <= shown;
    count.textContent = found.length + " of " + rows.length + " obligations" + (found.length > shown ? ", the first " + shown + " shown" : "");
  };

  const choose = () => {
    const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    const has = (text) => words.every((word) => text.toLowerCase().includes(word));
    const matches = (row) => has([ID, FAMILY, OP, VERDICT, CLAIM, WHY, METHOD, RESTS, ASSUMES].map((field) => of(row, field)).join(" "));
    found = rows.filter((row) =>
      (!family.value || of(row, FAMILY) === family.value) &&
      (!verdict.value || (verdict.value === "not met" ? !row[PASSES] : of(row, VERDICT) === verdict.value)) && matches(row));
    if (sorted !== null) {
      const order = new Intl.Collator("en", { numeric: true }).compare;
      found.sort((a, b) => (down ? -1 : 1) * order(String(of(a, sorted)), String(of(b, sorted))));
    }
    for (const section of document.querySelectorAll("article")) section.hidden = !has(section.textContent);
    shown = STEP;
    show();
  };

  heads.forEach((head) => {
    const button = element("button", head.textContent);
    button.type = "button";
    head.replaceChildren(button);
    button.addEventListener("click", () => {
      const field = { obligation: ID, family: FAMILY, op: OP, verdict: VERDICT, time: TIME }[head.dataset.field];
      down = sorted === field && !down;
      sorted = field;
      heads.forEach((other) => other.removeAttribute("aria-sort"));
      head.setAttribute("aria-sort", down ? "descending" : "ascending");
      choose();
    });
  });

  const follow = () => {
    const section = location.hash && at(location.hash.slice(1));
    if (section && section.matches("article")) {
      section.firstElementChild.open = true;
      section.hidden = false;
      section.scrollIntoView();
    }
    if (!location.hash.startsWith("#row=")) return;
    try { search.value = decodeURIComponent(location.hash.slice(5)); } catch { return; }
    verdict.value = family.value = "";
    choose();
    at("all").scrollIntoView();
  };

  let waiting;
  search.addEventListener("input", () => { clearTimeout(waiting); waiting = setTimeout(choose, 120); });
  verdict.addEventListener("change", choose);
  family.addEventListener("change", choose);
  at("filter").addEventListener("submit", (event) => { event.preventDefault(); choose(); });
  more.addEventListener("click", () => { shown += 5 * STEP; show(); });
  addEventListener("hashchange", follow);
  at("filter").hidden = false;
  choose();
  follow();
})();
