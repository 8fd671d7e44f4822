// Where units come from and go to: the server, or (mail.js) a file and the browser's own database.

class Refused extends Error {
  constructor(status, said) { super(said.message || `${status}`); this.status = status; this.said = said; }
}

const server = {
  live: true,
  async ask(path, body) {
    const options = body === undefined ? {} : { method: "POST", body: JSON.stringify(body), headers: { "content-type": "application/json" } };
    let answer;
    try {
      answer = await fetch(path, options);
    } catch {
      throw new Refused(0, { message: _("the server does not answer; start lokta review again") });
    }
    const json = (answer.headers.get("content-type") || "").includes("json");
    const said = json ? await answer.json() : { message: await answer.text() };
    if (!answer.ok) throw new Refused(answer.status, said);
    return json ? said : said.message;
  },
  works() { return this.ask("/api/work"); },
  words() { return this.ask("/api/words"); },
  open(id) { return this.ask(`/api/work/${id}`); },
  findings(id, from) { return this.ask(`/api/findings/${id}?from=${from}`); },
  check(id, key, target) { return this.ask(`/api/check/${id}`, { key, target }); },
  suggest(id, key) { return this.ask(`/api/suggest/${id}/${key}`); },
  act(id, body) { return this.ask(`/api/act/${id}`, body); },
  changes(id, rev) { return this.ask(`/api/changes/${id}?rev=${encodeURIComponent(rev)}`); },
  page(id) { return this.ask(`/preview/${id}/`); },
};

// Texts that are not in the catalog yet, in this browser: a killed browser or server loses less than a second.
const kept = {
  db: null,
  opened: null,
  trouble: "",
  open() {
    return new Promise((done) => {
      const failed = (why) => { this.trouble = String(why || "IndexedDB"); done(false); };
      try {
        const asked = indexedDB.open("lokta", 1);
        asked.onupgradeneeded = () => { asked.result.createObjectStore("texts"); asked.result.createObjectStore("answers"); };
        asked.onsuccess = () => { this.db = asked.result; done(true); };
        asked.onerror = () => failed(asked.error);
        asked.onblocked = () => failed("blocked");
      } catch (error) { failed(error); }
    });
  },
  run(store, mode, action) {
    if (!this.db) return Promise.resolve(undefined);
    return new Promise((done) => {
      try {
        const change = this.db.transaction(store, mode, { durability: "strict" });
        const asked = action(change.objectStore(store));
        change.oncomplete = () => done(asked ? asked.result : undefined);
        change.onerror = change.onabort = () => { this.trouble = String(change.error); done(undefined); };
      } catch (error) { this.trouble = String(error); done(undefined); }
    });
  },
  put(store, name, value) { return this.run(store, "readwrite", (one) => { one.put(value, name); }); },
  remove(store, name) { return this.run(store, "readwrite", (one) => { one.delete(name); }); },
  get(store, name) { return this.run(store, "readonly", (one) => one.get(name)); },
  async all(store, space) {
    const range = IDBKeyRange.bound(`${space}/`, `${space}/\uffff`);
    const [names, values] = await Promise.all([
      this.run(store, "readonly", (one) => one.getAllKeys(range)), this.run(store, "readonly", (one) => one.getAll(range))]);
    return (names || []).map((name, index) => [name.slice(space.length + 1), values[index]]);
  },
};

function remembered(name, value) {
  try {
    if (value !== undefined) localStorage.setItem(`lokta-${name}`, value);
    return localStorage.getItem(`lokta-${name}`);
  } catch { return null; }
}
