"use strict";
/* Filter, search, deep links, and the rows that the page does not show at first. Without this script
   the page is whole but for those rows. Texts are only ever set as text, never as markup. */
(() => {
  const one = (selector, within = document) => within.querySelector(selector);
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];
  const root = document.documentElement;
  const scenarios = all(".scenario");
  const lists = { step: 100 };
  let record = null;

  /* ---- The embedded record ---- */
  async function unpack() {
    const bytes = Uint8Array.from(atob(one("#embedded").textContent), (each) => each.charCodeAt(0));
    const plain = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
    const content = await new Response(plain).json();
    content.lower = content.texts.map((text) => text.toLowerCase());
    content.rows = content.resources.map((each, row) => ({
      row, address: each[0], type: each[1], action: each[2], where: each[3], verdict: each[4],
      judged: each[5], checks: each[6], covered: each[7],
      verdicts: new Set([each[4], ...each[5].map((pair) => pair[1]), ...each[6].map((pair) => pair[1])]),
    }));
    content.byAddress = new Map(content.rows.map((each) => [content.texts[each.address], each]));
    record = content;
  }
  const text = (position) => record.texts[position];
  const slug = (name) => name.replaceAll(" ", "-");
  const fragment = (name) => "#" + encodeURIComponent(name).replace(/%(2F|3A|40|24|3B|2C|3D|5B|5D)/g, decodeURIComponent);

  /* ---- Rows, from the markup that the page brings along ---- */
  const mould = (name) => one("#of-" + name).content.firstElementChild.cloneNode(true);
  function fill(row, values) {
    for (const [name, value] of Object.entries(values)) {
      const place = one(`[data-f="${name}"]`, row);
      if (place) place.textContent = value;
      if (place && !value) (place.closest("[data-o]") || (name === "where" || name === "origin" || name === "action" ? place : { remove() {} })).remove();
    }
    return row;
  }
  function mark(row, verdict) {
    const icon = one(".icon", row);
    icon.setAttribute("class", "icon " + slug(verdict));
    one("use", icon).setAttribute("href", "#icon-" + slug(verdict));
  }
  function link(row, address) {
    const anchor = one("a.address", row);
    if (anchor) anchor.href = fragment(address);
  }
  function finding(each) {
    const [verdict, address, where, path, observed, expected, remedy, waiver] = each.map(text);
    const row = fill(mould("finding"), { verdict, address, where, path, observed, expected, remedy, waiver });
    row.className = "finding " + slug(verdict);
    mark(row, verdict); link(row, address);
    return row;
  }
  function items(scenario) {
    const verdicts = new Map(), places = new Map();
    for (const each of [...scenario.findings].reverse()) verdicts.set(each[1], text(each[0]));
    for (const each of scenario.read) places.set(each[0], [...(places.get(each[0]) || []), each]);
    const examined = new Set(scenario.examined);
    return [...new Set([...scenario.examined, ...places.keys()])].map((address) => [
      examined.has(address) ? verdicts.get(address) || "satisfied" : "also read", address, places.get(address) || []]);
  }
  function item([verdict, address, places]) {
    const row = fill(mould("item"), { verdict, address: text(address) });
    mark(row, verdict); link(row, text(address));
    one(".places", row).replaceChildren(...places.map(([, path, shown, origin]) =>
      fill(mould("place"), { path: text(path), shown: text(shown), origin: text(origin) })));
    return row;
  }
  function said(target, verdict, words, note) {
    const row = fill(mould("said"), { text: words, note });
    one("a", row).href = fragment(target);
    mark(row, verdict);
    return row;
  }
  const RANK = ["violated", "undetermined", "waived", "satisfied"];
  function resource(each) {
    const held = each.judged.filter((pair) => text(pair[1]) === "satisfied").length;
    const failed = each.checks.filter((pair) => text(pair[1]) === "violated").length;
    const words = each.judged.length ? `${held} of ${each.judged.length} hold` : "not judged";
    const row = fill(mould("resource"), {
      verdict: text(each.verdict), address: text(each.address), action: text(each.action), where: text(each.where),
      covered: text(each.covered[0]), both: text(each.covered[1]), requirement: text(each.covered[2]),
      alone: text(each.covered[3]), nobody: text(each.covered[4]), tally: failed ? `${words}, ${failed} failed in Checkov` : words,
    });
    row.id = text(each.address);
    mark(row, text(each.verdict));
    const body = one(".saids", row);
    const about = () => {
      const own = [...each.judged].sort((a, b) => RANK.indexOf(text(a[1])) - RANK.indexOf(text(b[1])));
      body.replaceChildren(
        ...own.map(([at, verdict]) => {
          const found = record.scenarios[at].findings.filter((one) => one[1] === each.address);
          return said(record.scenarios[at].id, text(verdict), record.scenarios[at].name, found.map((one) => text(one[4])).join("; "));
        }),
        ...each.checks.map(([check, verdict, title]) => said("checkov", text(verdict), text(check), text(title))));
    };
    row.addEventListener("toggle", about, { once: true });
    return row;
  }

  /* A list that grows by a button: what it holds, how a row is made, where the button stands. */
  function growing(place, more, rows, make) {
    const button = one("button", more), rest = one(".rest", more);
    const told = () => {
      const shown = place.childElementCount;
      more.hidden = shown >= rows.length;
      rest.textContent = `${shown} of ${rows.length}`;
      button.textContent = `Show ${Math.min(lists.step, rows.length - shown)} more`;
    };
    button.hidden = false;
    button.onclick = () => {
      const from = place.childElementCount;
      place.append(...rows.slice(from, from + lists.step).map(make));
      told();
      const first = place.children[from];
      const target = first && one("a, summary", first);
      if (target) target.focus({ preventScroll: true });
    };
    told();
  }
  function grow() {
    for (const scenario of scenarios) {
      const of = record.scenarios[scenario.dataset.at];
      for (const [name, rows, make] of [["findings", () => of.findings, finding], ["items", () => items(of), item]]) {
        const place = one(`[data-list="${name}"]`, scenario);
        const more = place && place.nextElementSibling;
        if (more && more.matches("[data-more]")) scenario.addEventListener("toggle", () => growing(place, more, rows(), make), { once: true });
      }
    }
  }

  /* ---- Filter ---- */
  const query = one("#query"), severity = one("#severity"), area = one("#area");
  const toggles = all(".toggle"), clear = one("#clear"), unfold = one("#unfold");
  const words = scenarios.map((each) => each.dataset.words.toLowerCase());
  const chosen = () => new Set(toggles.filter((each) => each.getAttribute("aria-pressed") === "true").map((each) => each.dataset.verdict));

  function apply() {
    const asked = query.value.trim().toLowerCase().split(/\s+/).filter(Boolean);
    const verdicts = chosen();
    const active = asked.length > 0 || verdicts.size > 0 || severity.value !== "" || area.value !== "";
    // Which texts of the record hold each word; a scenario fits when it says it, or found or examined it.
    const holding = asked.map((word) => new Set(record ? record.lower.flatMap((each, at) => each.includes(word) ? [at] : []) : []));
    let shown = 0;
    scenarios.forEach((scenario, at) => {
      const of = record && record.scenarios[scenario.dataset.at];
      const fits = (!verdicts.size || verdicts.has(scenario.dataset.verdict))
        && (!severity.value || scenario.dataset.severity === severity.value)
        && (!area.value || scenario.dataset.area === area.value)
        && asked.every((word, which) => words[at].includes(word)
          || (of && (of.examined.some((each) => holding[which].has(each)) || of.findings.some((each) => each.some((one) => holding[which].has(one))))));
      scenario.hidden = !fits;
      shown += fits;
    });
    for (const name of [".requirement", ".feature", ".area"])
      for (const group of all(name)) group.hidden = !one(".scenario:not([hidden])", group);
    one("#nothing").hidden = shown > 0;
    one("#shown").textContent = active ? `${shown} of ${scenarios.length} scenarios` : `${scenarios.length} scenarios`;
    clear.hidden = !active;
    label();
    checks(asked, verdicts);
    if (record) resources(asked, holding, verdicts, active);
  }
  function checks(asked, verdicts) {
    const rows = all(".check");
    let shown = 0;
    for (const row of rows) {
      const said = row.dataset.words.toLowerCase();
      row.hidden = !(asked.every((word) => said.includes(word)) && (!verdicts.size || verdicts.has(row.dataset.verdict)));
      shown += !row.hidden;
    }
    const nothing = one("#no-check");
    if (nothing) nothing.hidden = !rows.length || shown > 0;
  }
  const list = one("#resource-list");
  const first = Number(list.childElementCount);
  let filtered = false;
  function resources(asked, holding, verdicts, active) {
    const judged = new Set(scenarios.filter((each) => !each.hidden).map((each) => Number(each.dataset.at)));
    const narrowed = severity.value || area.value;
    const fits = (row) => (!verdicts.size || [...verdicts].some((each) => [...row.verdicts].some((one) => text(one) === each)))
      && (!narrowed || row.judged.some((pair) => judged.has(pair[0])))
      && asked.every((word, which) => [row.address, row.type, row.where, row.action].some((one) => holding[which].has(one))
        || row.checks.some((pair) => holding[which].has(pair[0]))
        || row.judged.some((pair) => words[pair[0]].includes(word)));
    const rows = active ? record.rows.filter(fits) : record.rows;
    const more = list.nextElementSibling.matches("[data-more]") ? list.nextElementSibling : null;
    if (active || filtered || more) {
      if (active || filtered) list.replaceChildren(...rows.slice(0, first).map(resource));
      filtered = active;
      if (more) growing(list, more, rows, resource);
    }
    one("#no-resource").hidden = rows.length > 0 || !record.rows.length;
    return rows;
  }

  /* ---- The fragment: a place, a filter, or both ---- */
  let writing = false;
  function write() {
    const found = new URLSearchParams();
    if (query.value.trim()) found.set("q", query.value.trim());
    if (chosen().size) found.set("verdict", [...chosen()].join(","));
    if (severity.value) found.set("severity", severity.value);
    if (area.value) found.set("area", area.value);
    const state = found.toString().replaceAll("%2C", ",");
    history.replaceState(null, "", state ? "#?" + state : location.pathname + location.search);
  }
  function parse() {
    const raw = location.hash.slice(1);
    const mark = raw.indexOf("?");
    let place = mark < 0 ? raw : raw.slice(0, mark);
    try { place = decodeURIComponent(place); } catch { /* as it is */ }
    return [place, mark < 0 ? null : new URLSearchParams(raw.slice(mark + 1))];
  }
  function read() {
    const [place, state] = parse();
    if (state) {
      const verdicts = (state.get("verdict") || "").split(",");
      query.value = state.get("q") || "";
      severity.value = state.get("severity") || "";
      area.value = state.get("area") || "";
      for (const each of toggles) each.setAttribute("aria-pressed", String(verdicts.includes(each.dataset.verdict)));
      apply();
      if (!place) one("#requirements").scrollIntoView();
    }
    if (place) go(place);
  }
  function go(place) {
    let target = document.getElementById(place);
    const row = record && record.byAddress.get(place);
    if (row && !target) {
      reset();
      const more = list.nextElementSibling;
      const rows = record.rows.slice(0, Math.min(record.rows.length, first));
      list.replaceChildren(resource(row), ...rows.filter((each) => each !== row).map(resource));
      filtered = true;
      if (more.matches("[data-more]")) one(".rest", more).textContent = `${place} is shown first`;
      target = document.getElementById(place);
    }
    if (!target) return;
    if (target.closest("[hidden]")) { reset(); target = document.getElementById(place) || target; }
    for (let fold = target.closest("details"); fold; fold = fold.parentElement.closest("details")) fold.open = true;
    target.scrollIntoView();
    const focus = target.matches("details") ? one("summary", target) : target;
    if (focus.matches("summary")) focus.focus({ preventScroll: true });
  }
  function reset() {
    query.value = severity.value = area.value = "";
    for (const each of toggles) each.setAttribute("aria-pressed", "false");
    apply();
  }

  /* ---- The rest of the controls ---- */
  const visible = () => scenarios.filter((each) => !each.hidden);
  const label = () => { unfold.textContent = visible().length && visible().every((each) => each.open) ? "Close all" : "Open all"; };
  function theme() {
    const button = one("#theme"), said = one("span", button);
    const order = ["system", "light", "dark"];
    let kept = "system";
    try { kept = localStorage.getItem("planspec-theme") || "system"; } catch { /* a file may have no storage */ }
    const show = (name) => {
      said.textContent = name;
      if (name === "system") delete root.dataset.theme; else root.dataset.theme = name;
    };
    show(order.includes(kept) ? kept : "system");
    button.hidden = false;
    button.onclick = () => {
      const next = order[(order.indexOf(said.textContent) + 1) % order.length];
      show(next);
      try { localStorage.setItem("planspec-theme", next); } catch { /* shown, not kept */ }
    };
  }
  function follow() {
    const links = new Map(all(".side a").map((each) => [each.hash.slice(1), each]));
    const seen = new IntersectionObserver((entries) => {
      for (const each of entries) if (each.isIntersecting) {
        for (const other of links.values()) other.removeAttribute("aria-current");
        const mine = links.get(each.target.id);
        if (mine) mine.setAttribute("aria-current", "true");
      }
    }, { rootMargin: "-15% 0px -75% 0px" });
    for (const each of all("main > section")) seen.observe(each);
  }
  function listen() {
    let waiting = 0;
    query.addEventListener("input", () => { clearTimeout(waiting); waiting = setTimeout(() => { apply(); write(); }, 120); });
    for (const each of [severity, area]) each.addEventListener("change", () => { apply(); write(); });
    for (const each of toggles) each.addEventListener("click", () => {
      each.setAttribute("aria-pressed", String(each.getAttribute("aria-pressed") !== "true"));
      apply(); write();
    });
    clear.addEventListener("click", () => { reset(); write(); query.focus(); });
    unfold.addEventListener("click", () => {
      const open = unfold.textContent === "Open all";
      for (const each of visible()) each.open = open;
      label();
    });
    addEventListener("hashchange", read);
    // A link to where we already are changes no fragment; take the reader there again.
    document.addEventListener("click", (event) => {
      const anchor = event.target.closest("a[href^='#']");
      if (anchor && anchor.hash === location.hash) read();
    });
    document.addEventListener("keydown", (event) => {
      if (event.key === "/" && !event.target.closest("input, select, textarea") && !event.ctrlKey && !event.metaKey) {
        event.preventDefault();
        query.focus();
      }
    });
    let folded = [];
    addEventListener("beforeprint", () => { folded = all("details:not([open])"); for (const each of folded) each.open = true; });
    addEventListener("afterprint", () => { for (const each of folded) each.open = false; });
  }

  root.classList.add("filtering");
  theme();
  one("#filter").hidden = false;
  listen();
  follow();
  apply();
  unpack().then(() => { grow(); apply(); read(); root.dataset.ready = "true"; })
    .catch(() => { read(); root.dataset.ready = "false"; });
})();
