// What a person does: edit, approve, mend, take, comment, undo. One act is written after the other.

const E = { field: null, unit: null }; // the one live field
const ACT = { undo: [], chain: Promise.resolve(), first: new Map() };

const textNow = (unit) => (E.unit === unit && E.field ? E.field.value : unit.target || "");
const changed = (unit) => textNow(unit) !== (unit.target || "");

// ---------------------------------------------------------------- moving

function select(place, focus = true) {
  if (place < 0 || place >= S.rows.length) return;
  if (E.field && place !== S.at) closeText();
  const before = itemAt(S.at);
  if (before) { before.classList.remove("here"); before.tabIndex = -1; before.setAttribute("aria-current", "false"); }
  S.at = place;
  const item = itemAt(place);
  if (!item) return;
  ensureFilled(place);
  item.tabIndex = 0;
  item.classList.add("here");
  item.setAttribute("aria-current", "true");
  if (focus) { item.focus({ preventScroll: true }); if (place || scrollY) item.scrollIntoView({ block: "nearest" }); }
  drawDock();
  light();
  const unit = here();
  if (unit) loadSuggestions(unit);
  if (unit) remembered(`at-${S.id}`, unit.key);
}

const shownPlaces = () => [...document.querySelectorAll("#rows > .row:not([hidden])")].map((item) => Number(item.dataset.place));

function move(step) {
  const places = shownPlaces();
  let at = places.indexOf(S.at);
  for (at += step; at >= 0 && at < places.length; at += step) {
    if (unitAt(places[at])) { select(places[at]); return true; }
  }
  return false;
}

// The next that waits, from here on and then from the beginning.
function nextWaiting(edit) {
  const places = shownPlaces().filter((place) => unitAt(place) && waits(unitAt(place)) && place !== S.at);
  const next = S.order === "risk" ? places[0] : places.find((place) => place > S.at) ?? places[0];
  if (next === undefined) {
    const left = S.units.filter(waits).length;
    announce(left ? _("nothing else waits in this filter") : _("All is approved. Make the editions: lokta build"));
    const item = itemAt(S.at);
    if (item && !E.field) item.focus({ preventScroll: true });
    showNothing();
    return;
  }
  select(next);
  if (edit) openText();
}

function riskiest() {
  const places = shownPlaces().filter((place) => unitAt(place) && waits(unitAt(place)));
  if (places.length) select(places.reduce((best, place) => (riskOf(unitAt(place)) > riskOf(unitAt(best)) ? place : best)));
}

// ---------------------------------------------------------------- the field

function openText() {
  const unit = here();
  const item = itemAt(S.at);
  if (!unit || !item) return;
  if (E.unit === unit && E.field) { E.field.focus(); return; }
  const target = item.querySelector(".target"), still = target.querySelector(".still");
  const text = S.clashes.has(unit.key) ? S.clashes.get(unit.key).mine : unit.target || "";
  const field = el("textarea", { ...sourceTarget(unit, "target"), rows: "1", spellcheck: "true", autocapitalize: "off", autocomplete: "off", "aria-label": _("translation of §{n}", { n: S.at + 1 }), "aria-describedby": "about" });
  E.field = field; E.unit = unit;
  still.classList.add("under");
  target.append(field);
  showText(text);
  field.value = text;
  field.addEventListener("input", onInput);
  field.focus({ preventScroll: true });
  field.setSelectionRange(field.value.length, field.value.length);
  paint();
}

function showText(text) {
  const still = E.field.parentNode.querySelector(".still");
  still.replaceChildren(document.createTextNode(text + "\u200b"));
}

function onInput() {
  showText(E.field.value);
  paint();
  later("keep", 250, keepText);
  later("save", 1000, () => whenSettled(() => E.unit && saveText(E.unit)));
  later("check", 250, checkText);
  whenSettled(drawDockSoon);
}

const timers = {};
function later(name, wait, action) { clearTimeout(timers[name]); timers[name] = setTimeout(() => { delete timers[name]; action(); }, wait); }
function drawDockSoon() { later("dock", 50, () => whenSettled(() => { if (E.field) drawDock(); })); }

// Keep what is typed in the browser until it is in the catalog; a steady typist is saved as well.
let lastKept = 0;
function keepText() {
  if (!E.unit) return;
  lastKept = performance.now();
  if (changed(E.unit)) keep(E.unit, E.field.value);
}
// Keep a text with what it was made from, and with all that names its paragraph, which may be gone by then.
function keep(unit, target) {
  const clash = S.clashes.get(unit.key);
  if (clash) clash.mine = target;
  const { source, context, etag } = unit;
  return kept.put("texts", `${space()}/${unit.key}`, { target, base: clash ? clash.base : unit.target || "", etag, source, context });
}
const forget = (unit) => kept.remove("texts", `${space()}/${unit.key}`);

setInterval(() => { if (E.field && timers.keep && performance.now() - lastKept > 400) keepText(); }, 200);

async function checkText() {
  const unit = E.unit;
  if (!unit) return;
  if (composing()) { later("check", 250, checkText); return; }
  const text = E.field.value;
  let found;
  try { found = await S.store.check(S.id, unit.key, text); } catch { return; }
  whenSettled(() => {
    if (E.unit !== unit || E.field.value !== text) return;
    S.findings.set(unit.key, { ...found, of: text });
    fillRow(itemAt(S.at), unit, S.at);
    drawDock();
    paint();
  });
}

function closeText() {
  if (!E.field) return;
  const { unit, field } = E;
  if (changed(unit)) { keepText(); saveText(unit, field.value); }
  const target = field.parentNode, still = target.querySelector(".still");
  const text = field.value;
  field.remove();
  E.field = E.unit = null;
  stillText(still, { ...unit, target: text });
  paint();
}

function leaveText() {
  closeText();
  const item = itemAt(S.at);
  if (item) item.focus({ preventScroll: true });
}

// ---------------------------------------------------------------- acts

// Write one act after all before it. The answer is the unit as it is then; null where nothing was written.
function act(unit, what, more = {}) {
  if (S.clashes.has(unit.key)) { announce(_("Decide first: keep mine (o), take theirs (t).")); return Promise.resolve(null); }
  ACT.chain = ACT.chain.then(() => write(unit, what, more)).catch((error) => { S.trouble = String(error.message || error); drawTrouble(); return null; });
  return ACT.chain;
}

async function write(unit, what, more) {
  const body = { key: unit.key, etag: unit.etag, act: what, ...more };
  if (body.target !== undefined && body.target === (unit.target || "")) delete body.target;
  if (what === "edit" && body.target === undefined) return unit;
  if (body.target !== undefined) Object.assign(body, { base: unit.target || "", source: unit.source, context: unit.context || "" });
  let done;
  try {
    done = await S.store.act(S.id, body);
  } catch (error) {
    if (error.status === 409) { clash(unit, more.target ?? textNow(unit), error.said.unit); return null; }
    const gone = error.status === 410;
    S.offline = !error.status;
    S.trouble = gone ? error.message : _("not saved: {why}", { why: error.message }) + (kept.db ? " " + _("The text is kept in this browser.") : "");
    if (gone) await forget(unit); // the server keeps the text in the catalog
    else if (body.target !== undefined) await keep(unit, body.target);
    drawTrouble();
    return null;
  }
  S.trouble = "";
  if (done.before === S.work.rev) S.work.rev = done.rev;
  if (!ACT.first.has(unit.key)) ACT.first.set(unit.key, unit.target || "");
  const last = ACT.undo[ACT.undo.length - 1];
  if (what !== "restore" && done.unit.etag !== unit.etag) {
    if (what === "edit" && last && last.what === "edit" && last.key === unit.key) last.etag = done.unit.etag;
    else ACT.undo.push({ what, key: unit.key, entry: done.previous, etag: done.unit.etag });
  }
  const newer = E.unit === unit && E.field && E.field.value !== (done.unit.target || "");
  if (!newer) forget(unit);
  renew(unit, done.unit);
  whenSettled(() => { redraw(unit); drawBar(); });
  if (S.pane) later("pane", 200, () => drawPane(false));
  return unit;
}

const changedFrom = (unit, text) => text !== (unit.target || "");

// A unit's new state in the place of its old one; whoever holds the object sees it.
function renew(unit, now) {
  for (const name of Object.keys(unit)) delete unit[name];
  Object.assign(unit, now);
}

// Write a text that was typed; one that is what it was at first becomes the entry that was there at first.
function saveText(unit, text = textNow(unit)) {
  const first = ACT.first.get(unit.key);
  const last = ACT.undo[ACT.undo.length - 1];
  if (first === text && last && last.key === unit.key && last.what === "edit" && !ACT.undo.some((one) => one !== last && one.key === unit.key)) {
    return act(unit, "restore", { words: last.entry }).then((done) => { if (done) { ACT.undo = ACT.undo.filter((one) => one !== last); drawDock(); } return done; });
  }
  return changedFrom(unit, text) ? act(unit, "edit", { target: text }) : Promise.resolve(unit);
}

// Whether the focus is where it was when an act began: it is not taken from a search or a comment that was opened meanwhile.
const stays = (had) => document.activeElement === had || document.activeElement === document.body;

async function approve() {
  const unit = here();
  if (!unit || composing()) return;
  const text = textNow(unit), writing = E.field !== null, had = document.activeElement;
  if (!text.trim()) { announce(_("there is nothing to approve yet")); return; }
  clearTimeout(timers.save);
  if (await act(unit, "approve", { target: text })) {
    announce(_("approved"));
    if (here() !== unit) return;
    const there = stays(had);
    dropField();
    if (there) nextWaiting(writing);
  }
}

async function reject() {
  const unit = here();
  if (!unit || composing()) return;
  const text = textNow(unit), had = document.activeElement;
  if (!text.trim()) { announce(_("there is nothing to approve yet")); return; }
  clearTimeout(timers.save);
  if (!(await act(unit, "reject", { target: text }))) return;
  announce(_("needs work"));
  const there = stays(had);
  dropField();
  if (there) itemAt(S.at)?.focus({ preventScroll: true });
}

// The field goes; its text is in the catalog.
function dropField() {
  if (!E.field) return;
  const { field, unit } = E;
  const still = field.parentNode.querySelector(".still");
  field.remove();
  E.field = E.unit = null;
  stillText(still, unit);
  paint();
}

function edit(change) {
  openText();
  whenSettled(() => { if (E.field) change(E.field); });
}

function mend(one) {
  const unit = here();
  if (!unit) return;
  const found = S.findings.get(unit.key);
  const mended = one || (found ? found.list.find((each) => each.mend) : null);
  if (!mended || !mended.mend) { announce(_("nothing here can be mended by itself")); return; }
  if (found && found.of !== undefined && found.of !== textNow(unit)) return; // of another text
  edit((field) => {
    let text = field.value;
    for (const [start, end, fresh] of [...mended.mend].reverse()) text = text.slice(0, start) + fresh + text.slice(end);
    replaceText(field, text);
  });
}

function take(number) {
  const unit = here();
  const one = unit && suggestionsOf(unit)[number - 1];
  if (one && !isForeign(one)) edit((field) => replaceText(field, one.target)); // foreign ones stand last
}

function copySource() {
  const unit = here();
  if (unit) edit((field) => replaceText(field, unit.source));
}

function insertCode(number) {
  const unit = here();
  const code = unit && (unit.codes || [])[number - 1];
  if (!code) return;
  edit((field) => {
    const start = field.selectionStart, end = field.selectionEnd;
    const inside = field.value.slice(start, end);
    insertText(field, start, end, code.open + inside + (code.close || ""));
    if (code.close && !inside) field.setSelectionRange(start + code.open.length, start + code.open.length);
  });
}

function nextCode() {
  const unit = here();
  const [number] = unit ? missingCodes(textNow(unit), unit.codes || []) : [];
  if (number) insertCode(number); else announce(_("no code is missing"));
}

function ignoreCheck(check) {
  const unit = here();
  if (unit) act(unit, "ignore", { words: check }).then((done) => done && freshFindings(unit));
}

async function freshFindings(unit) {
  try {
    const found = await S.store.check(S.id, unit.key, unit.target || "");
    S.findings.set(unit.key, { ...found, of: unit.target || "" });
  } catch { return; }
  whenSettled(() => { redraw(unit); paint(); });
}

function askComment() {
  const unit = here();
  if (!unit) return;
  const place = S.at;
  const back = () => { box.remove(); const item = itemAt(place); if (item) item.focus({ preventScroll: true }); };
  const input = el("input", { type: "text", id: "comment", "aria-label": _("comment"), maxlength: "2000", onkeydown: (event) => {
    if (imeKey(event)) return;
    if (event.key === "Escape") { event.preventDefault(); event.stopPropagation(); back(); }
    if (event.key === "Enter") { event.preventDefault(); event.stopPropagation(); const words = input.value.trim(); back(); if (words) act(unit, "comment", { words }); }
  } });
  const box = el("p", { class: "comment-box" }, el("label", {}, _("comment"), " ", input), " ", el("span", { class: "quiet" }, _("Enter writes it, Esc leaves")));
  if (E.field) closeText();
  document.querySelector(".comment-box")?.remove();
  $("main").append(box); // not in the dock, which is drawn again and again
  input.focus();
}

async function undo() {
  if (E.field) leaveText();
  const had = document.activeElement;
  await ACT.chain;
  const last = ACT.undo.pop();
  if (!last) { announce(_("nothing to undo")); return; }
  const unit = S.byKey.get(last.key);
  if (!unit) return;
  if (await act(unit, "restore", { words: last.entry })) { if (stays(had)) select(placeOf(unit)); announce(_("undone")); freshFindings(unit); drawDock(); } else ACT.undo.push(last);
}

// ---------------------------------------------------------------- two at once

function clash(unit, mine, theirs) {
  if (theirs.target === mine || (theirs.target || "") === (unit.target || "")) { // the text is the same: go on from the new state
    renew(unit, theirs);
    redraw(unit);
    if (mine !== (unit.target || "") && E.unit !== unit) act(unit, "edit", { target: mine });
    else if (E.unit === unit) later("save", 300, () => E.unit === unit && saveText(unit));
    return;
  }
  decide(unit, mine, theirs, unit.target || "");
}

// Have the person decide between two texts of a paragraph that were made from the same; until then nothing is written.
function decide(unit, mine, theirs, base) {
  S.clashes.set(unit.key, { unit, mine, theirs, base });
  keep(unit, mine);
  if (here() !== unit) select(placeOf(unit));
  whenSettled(() => { redraw(unit); announce(_("Somebody changed this paragraph meanwhile. Neither text is lost.")); });
}

// The two texts of the paragraph at hand, once the person has decided.
function decided() {
  const unit = here(), clash = unit && S.clashes.get(unit.key);
  if (!clash) return null;
  S.clashes.delete(unit.key);
  const mine = E.unit === unit ? E.field.value : clash.mine;
  renew(unit, clash.theirs);
  ACT.first.delete(unit.key);
  return { unit, mine };
}

function keepMine() {
  const made = decided();
  if (made) act(made.unit, "edit", { target: made.mine }).then(() => { redraw(made.unit); freshFindings(made.unit); });
}

function takeTheirs() {
  const made = decided();
  if (!made) return;
  forget(made.unit);
  if (E.unit === made.unit) dropField();
  redraw(made.unit);
  freshFindings(made.unit);
  const item = itemAt(S.at);
  if (item) item.focus({ preventScroll: true });
}

// What became of the catalog meanwhile, asked every two seconds.
async function watch() {
  if (!S.store.live || !S.work || document.hidden) return;
  let now;
  await ACT.chain;
  const id = S.id;
  try { now = await S.store.changes(id, S.work.rev); } catch (error) {
    S.offline = true; S.trouble = error.message; drawTrouble(); return;
  }
  if (S.offline) { S.offline = false; S.trouble = ""; drawTrouble(); restoreKept(); }
  if (!now.units || S.id !== id) return;
  whenSettled(() => takeOver(now));
}

function takeOver(now) {
  S.work.rev = now.rev;
  const fresh = new Map(now.units.map((unit) => [unit.key, unit]));
  const same = now.rows.length === S.rows.length && now.rows.every((row, place) => {
    const mine = S.rows[place];
    return row.unit !== undefined ? mine.unit !== undefined && S.units[mine.unit].key === now.units[row.unit].key
      : mine.again !== undefined && S.units[mine.again].key === now.units[row.again].key;
  });
  let count = 0;
  const touched = [];
  for (const unit of S.units) {
    const other = fresh.get(unit.key);
    if (!other || other.etag === unit.etag) continue;
    count += 1;
    if (S.clashes.has(unit.key)) { S.clashes.get(unit.key).theirs = other; continue; }
    const known = ACT.undo.some((one) => one.etag === other.etag);
    if (E.unit === unit && changed(unit) && (other.target || "") !== (unit.target || "")) { clash(unit, E.field.value, other); continue; }
    const untouched = E.unit === unit && !changed(unit);
    renew(unit, other);
    if (untouched) replaceText(E.field, unit.target || "");
    unit.lately = !known;
    touched.push(unit);
  }
  if (!same) {
    const at = here() ? here().key : "", writing = E.field && E.field.value;
    const mine = new Map(S.units.map((unit) => [unit.key, unit]));
    if (E.field) closeText();
    setUnits({ ...now, units: now.units.map((unit) => mine.get(unit.key) || unit) });
    drawWork();
    const place = S.rows.findIndex((row) => row.unit !== undefined && S.units[row.unit].key === at);
    select(place >= 0 ? place : 0, true);
    if (writing !== null && writing !== undefined && place >= 0) openText();
  } else for (const unit of touched) { redraw(unit); freshFindings(unit); }
  drawBar();
  if (S.pane) drawPane(false);
  if (count) announce(_("{n} paragraphs were changed elsewhere", { n: count }));
}

// Texts that a killed browser or server left: they go into the catalog, unless somebody else changed the paragraph.
async function restoreKept() {
  for (const [key, text] of await kept.all("texts", space())) {
    const unit = S.byKey.get(key);
    if (!unit) await act({ key, ...text, target: text.base }, "edit", { target: text.target }); // it is gone
    else if (E.unit === unit || S.clashes.has(key)) continue;
    else if ((unit.target || "") === text.target) forget(unit);
    else if ((unit.target || "") === text.base) await act(unit, "edit", { target: text.target });
    else decide(unit, text.target, { ...unit }, text.base);
  }
}

async function loadSuggestions(unit) {
  if (S.suggestions.has(unit.key)) return;
  let offered;
  try { offered = await S.store.suggest(S.id, unit.key); } catch { return; }
  S.suggestions.set(unit.key, offered);
  whenSettled(() => { if (here() === unit) drawDock(); });
}
