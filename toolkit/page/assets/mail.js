// The review in a file: units, words and suggestions stand in the page itself, answers in the browser's own database.

function mail() {
  const island = JSON.parse(document.getElementById("island").textContent);
  const answers = new Map(); // "work/key" -> { target, act, date, comments }
  const units = new Map();
  let handle = null, dirty = false;
  for (const work of island.works) for (const unit of work.units) units.set(`${work.id}/${unit.key}`, { work, unit, was: { ...unit } });

  const now = () => new Date().toISOString().slice(0, 10);
  // The unit with what was answered.
  const shown = (name) => {
    const { was } = units.get(name);
    const answer = answers.get(name);
    if (!answer) return { ...was };
    const unit = { ...was, target: answer.target, comments: [...(was.comments || []), ...answer.comments.map((text) => `${store.reviewer}, ${answer.date}: ${text}`)] };
    if (answer.act === "reviewed") Object.assign(unit, { state: "reviewed", approved: true, by: store.reviewer, date: answer.date });
    else if (answer.act === "needs-work") Object.assign(unit, { state: "rejected", approved: false, by: store.reviewer, date: answer.date });
    else if (answer.target !== (was.target || "")) Object.assign(unit, { state: answer.target ? "edited" : "empty", approved: false, origin: "person", asDrafted: false });
    unit.etag = JSON.stringify(answer);
    return unit;
  };
  const keep = async (name, answer) => {
    const at = `${island.export}/${name}`;
    if (answer) { answers.set(name, answer); await kept.put("answers", at, answer); } else { answers.delete(name); await kept.remove("answers", at); }
    dirty = true;
    if (!kept.db) later("file", 1500, () => handle && write());
  };
  const file = () => JSON.stringify({
    lokta_answer: 1, export: island.export, reviewer: store.reviewer, language: island.language,
    units: [...answers].map(([name, answer]) => {
      const { work, was } = units.get(name);
      return { article: work.article, key: was.key, context: was.context || "", source: was.source,
        was: { target: was.target || "", state: was.plain }, target: answer.target, act: answer.act, date: answer.date, comments: answer.comments };
    }),
  }, null, 1);
  async function write() {
    const stream = await handle.createWritable();
    await stream.write(file());
    await stream.close();
    dirty = false;
  }

  // What can be told without the toolkit: codes, empty, copied, script.
  function quick(unit, target) {
    const list = [];
    for (const number of missingCodes(target, unit.codes || [])) list.push({ check: "codes", severity: "warning", message: `${_(unit.codes[number - 1].name)} – ${_("missing")}: ${unit.codes[number - 1].open}` });
    if (!target.trim()) list.push({ check: "empty", severity: "info", message: _("not translated") });
    else if (target.trim() === unit.source.trim() && /\p{L}{2}/u.test(target)) list.push({ check: "untranslated", severity: "warning", message: _("the text is a copy of the source") });
    const script = { Tibt: /\p{Script=Tibetan}/u, Hans: /\p{Script=Han}/u, Hant: /\p{Script=Han}/u }[S.work.target.script];
    if (script && target.trim() && /\p{L}{4}/u.test(target) && !script.test(target)) list.push({ check: "script", severity: "error", message: _("not in the letters of this language") });
    return list;
  }

  const store = {
    live: false,
    export: island.export,
    reviewer: remembered("reviewer") || island.reviewer || "",
    words: async () => island.words,
    async works() {
      if (!kept.db) S.trouble = _("This browser keeps nothing for this page. Save the answer often: the button is above.");
      for (const [name, answer] of await kept.all("answers", island.export)) if (units.has(name)) answers.set(name, answer);
      if (!remembered("reviewer")) await askName();
      return { works: island.works.map(({ units: all, rows, ...work }) => work), reviewer: store.reviewer };
    },
    async open(id) {
      const work = island.works.find((one) => one.id === id);
      return { ...work, rev: "", units: work.units.map((unit) => shown(`${id}/${unit.key}`)) };
    },
    async findings(id) {
      const work = island.works.find((one) => one.id === id);
      const found = {};
      for (const unit of work.units) {
        const now = shown(`${id}/${unit.key}`);
        const of = unit.target || "";
        found[unit.key] = { etag: now.etag, risk: (unit.found || {}).risk || 0, list: (unit.found || {}).list || [], of };
      }
      return { findings: found, next: null };
    },
    async check(id, key, target) {
      const { unit } = units.get(`${id}/${key}`);
      const said = unit.found || { list: [], risk: 0 };
      if (target === (unit.target || "")) return { ...said, of: target };
      const own = ["codes", "empty", "untranslated", "script"];
      return { risk: said.risk, list: [...quick(unit, target), ...said.list.filter((one) => !own.includes(one.check)).map(({ mend, target: place, ...one }) => ({ ...one, message: `${worded(one.message)} ${_("(of the text before)")}` }))] };
    },
    async suggest(id, key) {
      const { unit } = units.get(`${id}/${key}`);
      return { suggestions: unit.offered || [], draft: unit.firstDraft || "" };
    },
    async act(id, body) {
      const name = `${id}/${body.key}`;
      const { was } = units.get(name);
      const before = answers.get(name) || null;
      const answer = before ? { ...before, comments: [...before.comments] } : { target: was.target || "", act: "commented", date: now(), comments: [] };
      answer.date = now();
      if (body.act === "restore") { await keep(name, JSON.parse(body.words)); return done(name, before); }
      if (body.target !== undefined) { answer.target = body.target; answer.act = "edited"; }
      if (body.act === "approve") answer.act = "reviewed";
      if (body.act === "reject") answer.act = "needs-work";
      if (body.act === "comment") answer.comments.push(body.words);
      if (answer.act === "edited" && answer.target === (was.target || "")) answer.act = "commented";
      await keep(name, answer.act === "commented" && !answer.comments.length ? null : answer);
      return done(name, before);
    },
    async forget() {
      for (const name of [...answers.keys()]) await keep(name, null);
      for (const work of island.works) for (const [key] of await kept.all("texts", `${island.export}/${work.id}`)) await kept.remove("texts", `${island.export}/${work.id}/${key}`);
      location.reload();
    },
    async save() {
      const name = `answer-${island.export}.json`;
      if (window.showSaveFilePicker) {
        try { handle = handle || await showSaveFilePicker({ suggestedName: name }); await write(); announce(_("saved")); return; } catch (error) { if (error.name === "AbortError") return; handle = null; }
      }
      const link = el("a", { href: URL.createObjectURL(new Blob([file()], { type: "application/json" })), download: name });
      document.body.append(link);
      link.click();
      link.remove();
      dirty = false;
      announce(_("saved"));
    },
  };
  const done = (name, before) => ({ unit: shown(name), previous: JSON.stringify(before), before: "", rev: "" });
  addEventListener("beforeunload", (event) => { if (!kept.db && dirty) event.preventDefault(); });

  function askName() {
    return new Promise((named) => {
      const help = $("help");
      const input = el("input", { id: "name", value: store.reviewer, maxlength: "100", required: true, autocomplete: "name" });
      help.setAttribute("aria-label", _("Your name"));
      help.replaceChildren(el("form", { method: "dialog", onsubmit: () => { store.reviewer = input.value.trim() || "?"; remembered("reviewer", store.reviewer); named(); } },
        el("p", {}, el("label", {}, _("Your name"), " ", input)), el("p", { class: "quiet" }, _("It stands beside what you approve.")), el("button", {}, _("begin"))));
      help.addEventListener("cancel", (event) => event.preventDefault(), { once: true });
      help.showModal();
    });
  }
  return store;
}
