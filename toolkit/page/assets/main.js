// The beginning, the filter, the order.

function setUnits(work) {
  S.work = work;
  S.units = work.units;
  S.rows = work.rows;
  S.byKey = new Map(S.units.map((unit) => [unit.key, unit]));
}

async function openWork(id, opened = null) {
  if (E.field) closeText();
  await ACT.chain;
  let work;
  try { work = await (opened || S.store.open(id)); } catch (error) { S.trouble = error.message; drawBar(); return; }
  S.id = id;
  S.at = -1;
  S.clashes = new Map();
  S.findings = new Map();
  S.suggestions = new Map();
  ACT.undo = [];
  ACT.first = new Map();
  setUnits(work);
  document.title = `${work.article || ""} · ${work.target.name} · Lokta`;
  history.replaceState(null, "", `#${id}`);
  drawBar();
  drawWork();
  const known = remembered(`at-${id}`);
  const place = S.rows.findIndex((row) => row.unit !== undefined && S.units[row.unit].key === known);
  select(place >= 0 ? place : shownPlaces().find((one) => unitAt(one) && waits(unitAt(one))) ?? 0);
  if (S.pane) drawPane(true);
  whenIdle(() => loadFindings(id));
  await kept.opened;
  await restoreKept();
}

// Findings come in batches, so that what a person does in between is not kept waiting.
async function loadFindings(id) {
  let from = 0;
  while (from !== null && S.id === id) {
    let found;
    try { found = await S.store.findings(id, from); } catch { return; }
    if (S.id !== id) return;
    for (const [key, one] of Object.entries(found.findings)) {
      const unit = S.byKey.get(key);
      if (!unit || unit.etag !== one.etag || (S.findings.has(key) && E.unit === unit)) continue;
      S.findings.set(key, one);
      whenSettled(() => redrawMarks(unit));
    }
    from = found.next;
  }
  whenSettled(() => { applyOrder(); applyFilter(); });
  document.body.dataset.checked = id;
}

function redrawMarks(unit) {
  const found = S.findings.get(unit.key);
  if (found.list.length || unit === here()) { redraw(unit); if (unit === here()) paint(); }
}

function passes(unit) {
  const { state, origin, has, text } = S.filter;
  const found = S.findings.get(unit.key);
  if (state === "waits" ? !waits(unit) : state && unit.state !== state) return false;
  if (origin && unit.origin !== origin) return false;
  if (has === "findings" && !(found && found.list.some((one) => one.severity !== "info"))) return false;
  if (has === "errors" && !(found && found.list.some((one) => one.severity === "error"))) return false;
  if (has === "comments" && !(unit.comments || []).length) return false;
  if (CHECKS[has] && !["findings", "errors", "comments"].includes(has) && !(found && found.list.some((one) => one.check === has))) return false;
  const sought = text.trim().normalize("NFC").toLowerCase();
  return !sought || [unit.source, unit.target || "", ...(unit.comments || [])].some((one) => one.normalize("NFC").toLowerCase().includes(sought));
}

const filtering = () => Object.values(S.filter).some(Boolean);

function applyFilter() {
  const on = filtering();
  S.rows.forEach((row, place) => {
    const item = itemAt(place);
    item.hidden = on && !(row.unit !== undefined && passes(S.units[row.unit]));
  });
  showNothing();
  if (!E.field && itemAt(S.at)?.hidden) leaveHidden(); // nobody acts on what is not in view
}

// The row at hand passes the filter no more: go to the first that does, or to none.
function leaveHidden() {
  const [place] = shownPlaces();
  if (place !== undefined) { select(place, false); return; }
  S.at = -1;
  drawDock();
}

function showNothing() {
  const line = $("nothing");
  if (!line) return;
  const left = S.units.filter(waits).length;
  const none = !shownPlaces().length;
  line.hidden = !none && left > 0;
  line.replaceChildren(none ? _("Nothing passes this filter.") + " " : "", none ? el("button", { onclick: clearFilter }, _("clear the filter"))
    : S.store.live ? _("All is approved. Make the editions: lokta build") : _("All is approved. Save the answer, and send it back."));
}

function clearFilter() {
  S.filter = { state: "", origin: "", has: "", text: "" };
  const fresh = drawFilter();
  fresh.hidden = $("filter").hidden;
  $("filter").replaceWith(fresh);
  applyFilter();
}

function applyOrder() {
  const list = $("rows");
  const risk = (place) => (unitAt(place) ? riskOf(unitAt(place)) : -1);
  const places = S.rows.map((row, place) => place);
  if (S.order === "risk") places.sort((a, b) => risk(b) - risk(a) || a - b);
  if (places.every((place, index) => list.children[index] === S.items[place])) return;
  const had = document.activeElement;
  list.append(...places.map((place) => S.items[place]));
  if (had && had.isConnected && list.contains(had)) had.focus({ preventScroll: true });
}

function toggleFilter(open, focus) {
  const form = $("filter");
  form.hidden = open === undefined ? !form.hidden : !open;
  $("filters").setAttribute("aria-expanded", String(!form.hidden));
  if (!form.hidden) (focus ? $(focus) : form.querySelector("select")).focus();
  else if (S.at >= 0) select(S.at);
}

function togglePane() {
  S.pane = !S.pane;
  $("page").setAttribute("aria-pressed", String(S.pane));
  drawPane(true);
  if (!S.pane && S.at >= 0 && !E.field) select(S.at);
}

function switchLanguage(tag) {
  remembered("language", tag);
  chooseLanguage(LANG.all, tag);
  drawBar();
  const at = S.at;
  if (E.field) closeText();
  drawWork();
  select(at, false);
  $("language").focus();
}

// The article to begin with: the one that the address names, else the first that waits for somebody.
function toOpen(works) {
  const ready = works.filter((work) => !work.error);
  return ready.find((work) => work.id === location.hash.slice(1)) || ready.find((work) => work.waiting) || ready[0];
}

async function begin() {
  S.store = $("island") ? mail() : server;
  kept.opened = kept.open();
  if (!S.store.live) await kept.opened;
  // The article is asked for while the words of the page are on their way.
  const listed = S.store.live ? S.store.works() : Promise.resolve(null);
  const opened = listed.then((said) => said && toOpen(said.works) && S.store.open(toOpen(said.works).id));
  opened.catch(() => {}); // whoever waits for it is told
  const [words, said] = await Promise.all([S.store.words(), listed]);
  chooseLanguage(words, remembered("language"));
  if (!said) Object.assign(S, await S.store.works());
  else Object.assign(S, said);
  const broken = S.works.filter((work) => work.error);
  if (broken.length) S.trouble = broken.map((work) => work.error).join("; ");
  const wanted = toOpen(S.works);
  if (!wanted) { drawBar(); return; }
  await openWork(wanted.id, said && opened);
  if (S.store.live) setInterval(watch, 2000);
  addEventListener("focus", watch);
  addEventListener("pagehide", () => { if (E.field) { keepText(); } });
}

begin().catch((error) => { S.trouble = String(error.message || error); drawBar(); });
