// What is shown: the bar, the rows in reading order, the dock of the row at hand, and the pane with the page.

const S = { store: server, works: [], work: null, id: "", units: [], byKey: new Map(), rows: [], at: -1, findings: new Map(),
  suggestions: new Map(), clashes: new Map(), items: [], reviewer: "", filter: { state: "", origin: "", has: "", text: "" }, order: "reading",
  trouble: "", offline: false, pane: false };

const STATES = {
  empty: ["○", "empty"], refused: ["⊘", "draft refused"], draft: ["◔", "draft"], edited: ["✎", "edited, waits"],
  rejected: ["↺", "needs work"], outdated: ["≠", "source changed"], accepted: ["✓", "approved, no name"],
  changed: ["!", "changed elsewhere, unsigned"], reviewed: ["✔", "approved"], memory: ["⟲", "from memory"], conflict: ["⚡", "conflict"],
};
const ORIGINS = { machine: "machine", memory: "memory", conversion: "conversion", person: "person" };
const CHECKS = { empty: "empty", outdated: "outdated", residue: "garbled", remark: "remark of a machine", repetition: "repetition",
  script: "script", untranslated: "not translated", leftover: "word left", names: "name", codes: "code", numbers: "number",
  dates: "date", negation: "negation", length: "length", ending: "end mark", paired: "quotes or brackets", spelling: "spelling",
  digits: "digits", typography: "typography", terms: "term",
  consistency: "spelling of a name" };
const SIGNS = { error: "✖", warning: "▲", info: "·" };

const $ = (id) => document.getElementById(id);
const unitAt = (place) => (S.rows[place] && S.rows[place].unit !== undefined ? S.units[S.rows[place].unit] : null);
const here = () => unitAt(S.at);
const riskOf = (unit) => S.findings.get(unit.key)?.risk || 0;
const waits = (unit) => !unit.approved || unit.state === "conflict";
const sourceTarget = (unit, which) => ({ lang: S.work[which].tag, dir: S.work[which].dir });

// The name under which the browser keeps texts of the work at hand.
const space = () => (S.store.live ? S.id : `${S.store.export}/${S.id}`);

function announce(text) { $("live").textContent = text; }

// ---------------------------------------------------------------- the bar

function drawBar() {
  const left = S.units.filter(waits);
  const approved = S.units.filter((unit) => unit.approved);
  const drafted = approved.filter((unit) => unit.asDrafted).length;
  const works = S.works.filter((work) => !work.error);
  const words = left.reduce((sum, unit) => sum + (unit.words || 1), 0);
  const choose = el("select", { id: "work", "aria-label": _("article"), onchange: (event) => openWork(event.target.value) },
    works.map((work) => el("option", { value: work.id, selected: work.id === S.id }, `${work.article} · ${work.name}`)));
  const languages = el("select", { id: "language", "aria-label": _("language of this page"), onchange: (event) => switchLanguage(event.target.value) },
    Object.entries(LANG.all).map(([tag, one]) => el("option", { value: tag, lang: tag, selected: tag === LANG.tag }, one.machine ? `${one.name} *` : one.name)));
  const progress = el("span", { class: "progress", id: "progress" },
    _("{left} of {all} left, {words} words", { left: left.length, all: S.units.length, words }),
    approved.length ? el("span", { class: "quiet" }, " · " + _("{n} of {all} approved as drafted", { n: drafted, all: approved.length })) : null);
  const bar = $("bar");
  bar.replaceChildren(...[
    el("h1", {}, "Lokta"), choose, progress, el("span", { class: "space" }),
    el("button", { id: "filters", "aria-expanded": $("filter") && !$("filter").hidden ? "true" : "false", onclick: () => toggleFilter() }, _("Filter")),
    el("button", { id: "page", "aria-pressed": S.pane ? "true" : "false", onclick: () => togglePane() }, S.store.live ? _("Page") : _("Reading view")),
    S.store.save ? el("button", { id: "save", onclick: () => S.store.save() }, _("Save the answer")) : null,
    languages, el("button", { id: "ask", "aria-label": _("keys"), onclick: showHelp }, "?")].filter(Boolean));
  if (LANG.all[LANG.tag].machine) bar.append(el("p", { class: "quiet wide" }, "* " + _("These words were translated by a machine; nobody has approved them yet.")));
  drawTrouble();
}

function drawTrouble() {
  let line = $("trouble");
  if (!S.trouble) { if (line) line.remove(); return; }
  if (!line) { line = el("p", { id: "trouble", role: "alert" }); $("bar").append(line); }
  line.textContent = S.trouble;
}

function drawFilter() {
  const select = (name, label, entries) => el("label", {}, label, " ", el("select", { "data-filter": name, onchange: (event) => { S.filter[name] = event.target.value; applyFilter(); } },
    entries.map(([value, text]) => el("option", { value, selected: S.filter[name] === value }, text))));
  const states = [["", _("all")], ["waits", _("waits")], ...Object.entries(STATES).map(([name, [, word]]) => [name, _(word)])];
  const origins = [["", _("all")], ...Object.entries(ORIGINS).map(([name, word]) => [name, _(word)])];
  const has = [["", _("all")], ["findings", _("findings")], ["errors", _("errors")], ["comments", _("comments")],
    ...Object.entries(CHECKS).map(([name, word]) => [name, _(word)])];
  return el("form", { id: "filter", hidden: true, onsubmit: (event) => event.preventDefault() },
    select("state", _("state"), states), select("origin", _("origin"), origins), select("has", _("with"), has),
    el("label", {}, _("text"), " ", el("input", { type: "search", id: "search", value: S.filter.text, oninput: (event) => { S.filter.text = event.target.value; applyFilter(); } })),
    el("label", {}, _("order"), " ", el("select", { id: "order", onchange: (event) => { S.order = event.target.value; applyOrder(); } },
      [["reading", _("as it is read")], ["risk", _("riskiest first")]].map(([value, text]) => el("option", { value, selected: S.order === value }, text)))),
    el("button", { type: "button", id: "clear", onclick: clearFilter }, _("clear the filter")));
}

// ---------------------------------------------------------------- the rows

function drawWork() {
  const main = $("main");
  const list = el("ol", { id: "rows" });
  S.items = S.rows.map((row, place) => drawRow(row, place));
  list.append(...S.items);
  main.replaceChildren(drawFilter(), firstRun() || "", list, el("p", { id: "nothing", hidden: true }));
  applyOrder();
  if (filtering()) applyFilter();
  fillRest(list);
}

function firstRun() {
  if (remembered("seen") || !S.reviewer) return null;
  const line = el("p", { id: "first" }, _("Approving as {name}.", { name: S.reviewer }), " ",
    S.store.live ? _("Another name: reviewer in lokta.toml.") + " " : "",
    _("a approves, Enter edits, ? shows all keys."), " ",
    el("button", { onclick: () => { remembered("seen", "1"); line.remove(); } }, _("understood")));
  return line;
}

function drawRow(row, place) {
  if (row.again !== undefined) {
    const unit = S.units[row.again];
    const first = S.rows.findIndex((one) => one.unit === row.again);
    return el("li", { class: "row again", "data-place": place },
      el("div", { class: "meta" }, `§${place + 1}`),
      el("div", { class: "cell source", ...sourceTarget(unit, "source") }, visible(unit.source)),
      el("div", { class: "cell" }, el("button", { onclick: () => select(first) }, _("same as §{n}", { n: first + 1 }))));
  }
  const item = el("li", { class: "row", "data-place": place, tabindex: place === S.at ? "0" : "-1" });
  if (place < 14) fillRow(item, S.units[row.unit], place);
  return item;
}

// All rows are there at once; those further down get their contents bit by bit, so that the first can be edited meanwhile.
function fillRest(list, place = 14) {
  whenIdle(() => {
    const end = performance.now() + 12;
    for (; place < S.rows.length && performance.now() < end; place++) ensureFilled(place);
    if (place < S.rows.length && list.isConnected) fillRest(list, place);
  });
}

// Safari has no requestIdleCallback.
const whenIdle = window.requestIdleCallback ? (action) => requestIdleCallback(action, { timeout: 400 }) : (action) => setTimeout(action, 4);

function ensureFilled(place) {
  const item = itemAt(place), unit = unitAt(place);
  if (item && unit && !item.dataset.key) fillRow(item, unit, place);
}

const itemAt = (place) => S.items[place] || null;
// The findings that are shown: that a paragraph is empty its state says already.
const listed = (found) => (found ? found.list.filter((one) => one.check !== "empty") : []);
const placeOf = (unit) => S.rows.findIndex((row) => row.unit !== undefined && S.units[row.unit] === unit);

// Fill a row in; the live field, if it is in it, stays as it is.
function fillRow(item, unit, place) {
  const [sign, word] = STATES[S.clashes.has(unit.key) ? "conflict" : unit.state] || STATES.draft;
  const found = S.findings.get(unit.key);
  const grave = listed(found).filter((one) => one.severity !== "info");
  const errors = grave.filter((one) => one.severity === "error").length;
  item.className = `row state-${unit.state}${place === S.at ? " here" : ""}${unit.lately ? " lately" : ""}`;
  item.dataset.key = unit.key;
  item.setAttribute("aria-current", place === S.at ? "true" : "false");
  item.setAttribute("aria-label", `§${place + 1}, ${_(word)}, ${unit.source.slice(0, 80)}`);
  const meta = el("div", { class: "meta" },
    el("span", { class: "number" }, `§${place + 1}`), " ",
    el("span", { class: "state" }, el("span", { "aria-hidden": "true" }, sign + " "), _(word)),
    el("span", { class: "origin" }, originOf(unit)),
    el("span", { class: "marks" },
      grave.length ? el("span", { class: errors ? "errors" : "warnings" }, `${errors ? SIGNS.error : SIGNS.warning} ${grave.length}`) : null,
      unit.type !== "paragraph" ? el("span", { class: "type" }, unit.type) : null));
  const spans = (unit.codes || []).flatMap((code, index) => code.spans.map((span) => [...span, index + 1, code.title || code.name]));
  const source = el("div", { class: "cell source", ...sourceTarget(unit, "source") },
    unit.previous ? differenceNodes(unit.previous, unit.source) : chipped(unit.source, spans));
  let target = item.querySelector(".target");
  if (!target) {
    target = el("div", { class: "cell target", ...sourceTarget(unit, "target") }, el("div", { class: "still" }));
    item.replaceChildren(meta, source, target, el("ul", { class: "comments" }));
  } else {
    item.replaceChild(meta, item.querySelector(".meta"));
    item.replaceChild(source, item.querySelector(".source"));
  }
  if (!target.querySelector("textarea")) stillText(target.querySelector(".still"), unit);
  const comments = [...(unit.comments || [])];
  comments.unshift(...(unit.sentences || []).map(([state, text]) => sentenceLine(state, text)));
  if (unit.why) comments.unshift(_("a draft was refused: {why}", { why: unit.why }));
  if (unit.withdrawn) comments.unshift(_("from {article}, where its approval was withdrawn", { article: unit.withdrawn }));
  if (unit.state === "rejected" && unit.by) comments.unshift(_("needs work, says {name}", { name: `${unit.by}, ${unit.date}` }));
  item.querySelector(".comments").replaceChildren(...comments.map((text) => el("li", { dir: "auto" }, visible(text))));
}

// A sentence of a changed paragraph, and whether its reviewed translation was kept.
function sentenceLine(state, text) {
  if (state === "kept") return _("reviewed, kept: {text}", { text });
  if (state === "new") return _("new: {text}", { text });
  return _("unchanged, but which translation is its own is not certain: {text}", { text });
}

// The target at rest: laid out letter by letter as in the field, so that opening it moves nothing.
function stillText(still, unit) {
  still.className = "still";
  if (unit.target) still.replaceChildren(...chipped(unit.target, codeSpans(unit.target, unit.codes || [])), "\u200b");
  else still.replaceChildren(el("span", { class: "quiet", lang: LANG.tag }, _("not translated")));
}

function originOf(unit) {
  if (unit.state === "reviewed" && unit.by) return `${unit.by} ${(unit.date || "").slice(5)}${unit.asDrafted ? ", " + _("as drafted") : ""}`;
  const origin = unit.origin ? _(ORIGINS[unit.origin]) : "";
  return unit.origin === "memory" && unit.made ? `${origin} ${unit.made.match || ""}` : origin;
}

function redraw(unit) {
  const place = placeOf(unit);
  const item = itemAt(place);
  if (item) fillRow(item, unit, place);
  if (place === S.at) drawDock();
}

// ---------------------------------------------------------------- the dock

function drawDock() {
  const dock = $("dock");
  const unit = here();
  dock.setAttribute("aria-label", _("the paragraph at hand"));
  if (!unit) { dock.replaceChildren(); return; }
  dock.replaceChildren(
    el("div", { class: "left", id: "about", tabindex: "0", role: "group", "aria-label": _("findings") },
      S.clashes.has(unit.key) ? drawClash(S.clashes.get(unit.key)) : [drawCodes(unit), drawFindings(unit)]),
    el("div", { class: "right", tabindex: "0", role: "group", "aria-label": _("suggestions") }, drawSuggestions(unit), drawMade(unit)),
    el("div", { class: "buttons" },
      el("button", { class: "approve", "data-act": "approve", onclick: () => approve() }, unit.approved && unit.state !== "conflict" && !unit.by ? _("Sign") : _("Approve"), el("kbd", {}, "a")),
      el("button", { "data-act": "reject", onclick: () => reject() }, _("Needs work"), el("kbd", {}, "x")),
      el("button", { "data-act": "code", onclick: () => nextCode() }, _("Code"), el("kbd", {}, "F8")),
      el("button", { "data-act": "comment", onclick: () => askComment() }, _("Comment"), el("kbd", {}, "c")),
      el("button", { "data-act": "undo", disabled: !ACT.undo.length, onclick: () => undo() }, _("Undo"), el("kbd", {}, "u"))));
}

function drawCodes(unit) {
  if (!(unit.codes || []).length) return null;
  const gone = new Set(missingCodes(textNow(unit), unit.codes));
  return el("p", { class: "codes" }, _("codes"), ": ", unit.codes.map((code, index) =>
    el("button", { class: gone.has(index + 1) ? "code missing" : "code", title: code.title || code.open, "data-code": index + 1, onclick: () => insertCode(index + 1) },
      `${index + 1} ${_(code.name)}${gone.has(index + 1) ? " – " + _("missing") : ""}`)));
}

function drawFindings(unit) {
  const found = S.findings.get(unit.key);
  const list = listed(found);
  const old = found && found.of !== undefined && found.of !== textNow(unit);
  const grave = list.filter((one) => one.severity !== "info"), notes = list.filter((one) => one.severity === "info");
  const line = (one) => el("li", { class: one.severity },
    el("span", { "aria-hidden": "true" }, SIGNS[one.severity] + " "), el("b", {}, _(CHECKS[one.check] || one.check)), ": ", visible(worded(one.message)), " ",
    one.mend && !old ? el("button", { "data-mend": "", onclick: () => mend(one) }, _("mend")) : null, " ",
    S.store.live ? el("button", { class: "small", title: _("never say this of this paragraph again"), onclick: () => ignoreCheck(one.check) }, _("ignore")) : null);
  return el("ul", { class: "findings" + (old ? " old" : "") },
    old && !S.store.live ? el("li", { class: "quiet" }, _("Said of the text as it was when this file was made:")) : null,
    grave.map(line),
    notes.length ? el("li", { class: "info" }, el("details", { open: notes.length < 3 }, el("summary", {}, _("notes: {n}", { n: notes.length })), el("ul", {}, notes.map(line)))) : null,
    found && !found.list.length ? el("li", { class: "quiet" }, _("nothing found")) : null);
}

function suggestionsOf(unit) {
  const asides = (unit.asides || []).map((one) => ({ kind: "aside", origin: one.by || _("somebody"), target: one.target }));
  const offered = S.suggestions.get(unit.key);
  const all = [...asides, ...(offered ? offered.suggestions : [])];
  return [...all.filter((one) => !isForeign(one)), ...all.filter(isForeign)];
}

// Whether a suggestion is in another language than the translation: to be read, not taken.
const isForeign = (one) => Boolean(one.language) && one.language !== S.work.target.tag;

function drawSuggestions(unit) {
  const kinds = { tm: _("memory"), mt: _("machine"), tb: _("terms"), reference: "", aside: _("the other version") };
  const list = suggestionsOf(unit);
  if (!list.length) return el("p", { class: "quiet" }, _("no suggestions"));
  let number = 0;
  return el("ol", { class: "suggestions" }, list.map((one) => {
    const foreign = isForeign(one);
    const tag = one.language || S.work.target.tag;
    const label = [kinds[one.kind], one.origin, one.reviewer, one.score && `${Math.round(one.score)} %`].filter(Boolean).join(" ");
    const text = el("span", { lang: tag, dir: "auto", class: "offer" }, unit.target && !foreign ? differenceNodes(unit.target, one.target) : visible(one.target));
    if (foreign) return el("li", { class: "foreign" }, el("span", { class: "quiet" }, label + " "), text);
    number += 1;
    const mine = number;
    return el("li", {}, el("button", { "data-take": mine, onclick: () => take(mine) }, mine <= 9 ? `${mine}` : "+"), " ", el("span", { class: "quiet" }, label + " "), text);
  }));
}

// Who made the text, how sure of it, and what became of the draft.
function drawMade(unit) {
  const made = unit.made;
  const parts = [];
  if (made) {
    parts.push([made.engine || "", made.model || made.origin || made.from || ""].join(" ").trim());
    if (made.score) parts.push(_("score") + " " + made.score);
    if (made.agree) parts.push(_("agreement") + ` ${made.agree} (${made.by || ""})`);
    if (made.match) parts.push(`${made.match} %`);
    if (made.second) parts.push(_("with") + " " + made.second);
    if (unit.asDrafted) parts.push(_("as drafted"));
  }
  if (unit.by) parts.push(`${unit.by}, ${unit.date}`);
  const offered = S.suggestions.get(unit.key);
  const old = [...(unit.history || [])];
  return el("div", { class: "made quiet" },
    parts.length ? el("p", {}, parts.join(" · ")) : null,
    offered && offered.draft && unit.target && offered.draft !== textNow(unit) ? el("p", {}, _("draft and edit") + ": ", el("span", { lang: S.work.target.tag, dir: "auto" }, differenceNodes(offered.draft, textNow(unit)))) : null,
    old.length ? el("details", {}, el("summary", {}, _("history ({n})", { n: old.length })), el("ul", {}, old.map((one) =>
      el("li", {}, one.by ? `${one.by}, ${one.date}: ` : "", el("span", { lang: S.work.target.tag, dir: "auto" }, visible(one.target)))))) : null,
    (unit.notes || []).length ? el("details", {}, el("summary", {}, _("notes")), el("ul", {}, unit.notes.map((one) => el("li", {}, visible(one))))) : null,
    el("p", {}, (unit.places || []).join(", ")));
}

// Two texts of one paragraph: what stands here, and what somebody saved meanwhile.
function drawClash({ mine, theirs }) {
  return el("div", { class: "clash" },
    el("p", { role: "alert" }, _("Somebody changed this paragraph meanwhile. Neither text is lost.")),
    el("p", { lang: S.work.target.tag, dir: "auto" }, differenceNodes(mine, theirs.target)),
    el("button", { "data-act": "own", onclick: () => keepMine() }, _("keep mine"), el("kbd", {}, "o")), " ",
    el("button", { "data-act": "theirs", onclick: () => takeTheirs() }, _("take theirs"), el("kbd", {}, "t")));
}

// ---------------------------------------------------------------- findings in the text

function paint() {
  if (!window.CSS || !CSS.highlights) return;
  for (const name of ["error", "warning", "info", "codes"]) CSS.highlights.delete(`lokta-${name}`);
  const unit = here();
  const still = E.field && E.field.parentNode.querySelector(".still");
  const text = still && still.firstChild;
  if (!unit || !text || text.nodeType !== 3) return;
  const found = S.findings.get(unit.key);
  const mark = (name, spans) => {
    const ranges = spans.filter(([start, end]) => end > start && end <= text.length).map(([start, end]) => {
      const range = new Range();
      range.setStart(text, start); range.setEnd(text, end);
      return range;
    });
    if (ranges.length) CSS.highlights.set(`lokta-${name}`, new Highlight(...ranges));
  };
  mark("codes", codeSpans(E.field.value, unit.codes || []));
  if (found && (found.of === undefined ? unit.target : found.of) === E.field.value)
    for (const name of ["error", "warning", "info"]) mark(name, found.list.filter((one) => one.severity === name && one.target).map((one) => one.target));
}

// ---------------------------------------------------------------- the page, help

async function drawPane(fresh) {
  const pane = $("pane");
  pane.hidden = !S.pane;
  document.body.classList.toggle("with-pane", S.pane);
  if (!S.pane) { pane.replaceChildren(); return; }
  pane.setAttribute("aria-label", _("Page"));
  if (!S.store.live) { drawReading(pane); return; }
  let frame = pane.querySelector("iframe");
  if (!frame || fresh) {
    frame = el("iframe", { title: _("the page as it will be published"), sandbox: "allow-same-origin", src: `/preview/${S.id}/` });
    frame.addEventListener("load", light);
    pane.replaceChildren(el("button", { class: "close", onclick: () => togglePane() }, _("close the page")), frame);
    return;
  }
  let text;
  try { text = await S.store.page(S.id); } catch { return; }
  const made = new DOMParser().parseFromString(text.replace(/<style>[^]*?<\/style>/g, ""), "text/html");
  const shown = frame.contentDocument;
  if (!shown || !shown.body) return;
  const top = shown.scrollingElement ? shown.scrollingElement.scrollTop : 0;
  if (shown.body.innerHTML !== made.body.innerHTML) shown.body.replaceChildren(...made.body.childNodes);
  if (shown.scrollingElement) shown.scrollingElement.scrollTop = top;
  light();
}

// Light the paragraph at hand in the page.
function light() {
  const frame = $("pane").querySelector("iframe");
  const root = frame ? frame.contentDocument : $("pane");
  if (!S.pane || !root) return;
  for (const node of root.querySelectorAll("[data-lit]")) node.removeAttribute("data-lit");
  const unit = here();
  const node = unit && root.querySelector(`[data-unit~="${unit.key}"]`);
  if (node) { node.setAttribute("data-lit", ""); node.scrollIntoView({ block: "nearest" }); }
}

// The translation as running text, where there is no server to make the page.
function drawReading(pane) {
  const tags = { heading: "h2", title: "h1", "list item": "li" };
  const shown = S.rows.map((row) => S.units[row.unit !== undefined ? row.unit : row.again]);
  pane.replaceChildren(el("button", { class: "close", onclick: () => togglePane() }, _("close the page")), el("article", { lang: S.work.target.tag, dir: S.work.target.dir, tabindex: "0" }, shown.map((unit) => {
    const text = textNow(unit) || unit.source;
    return el(tags[unit.type] === "li" ? "p" : tags[unit.type] || "p", { "data-unit": unit.key, class: textNow(unit) ? "" : "quiet" }, tags[unit.type] === "li" ? "• " : "", visible(text));
  })));
  light();
}

const KEYS = [
  ["↑ ↓  j k", "the row before, the next"], ["n", "the next that waits"], ["r", "the riskiest"], ["a", "approve, and on to the next"],
  ["x", "needs work"], ["Enter", "edit"], ["m", "mend what can be mended"], ["1 – 9", "take a suggestion"], ["s", "copy the source"],
  ["u", "undo"], ["c", "comment"], ["o  t", "after a conflict: keep mine, take theirs"], ["/", "search"], ["f", "filter"],
  ["p", "page"], ["?", "keys"], ["Ctrl+Enter", "in the text: approve, and on to the next"], ["Ctrl+Shift+Enter", "in the text: needs work"],
  ["F8", "in the text: the next code that is missing"], ["Ctrl+K", "in the text: then any key of the list; Shift+1 – 9 inserts that code"],
  ["PageUp PageDown", "in the text: the row before, the next"], ["Ctrl+Z", "in the text: the browser's own undo"], ["Esc", "out of the text"],
];

function showHelp() {
  const help = $("help");
  help.setAttribute("aria-label", _("keys"));
  help.replaceChildren(el("h2", {}, _("keys")), el("table", {}, KEYS.map(([key, what]) => el("tr", {}, el("th", { scope: "row" }, el("kbd", {}, key)), el("td", {}, _(what))))),
    el("p", {}, _("On a Mac, Cmd in the place of Ctrl.")), el("form", { method: "dialog" }, el("button", {}, _("close")), " ",
      S.store.live ? "" : el("button", { type: "button", id: "forget", onclick: () => S.store.forget() }, _("Forget what this browser keeps of this file"))));
  help.showModal();
}
