// Words of the interface, differences between texts, and text from strangers made visible.

const LANG = { all: { en: { name: "English", dir: "ltr", words: {} } }, tag: "en" };

// The words in the interface's language; {name} is replaced.
function _(english, values = {}) {
  const said = LANG.all[LANG.tag]?.words[english] || english;
  return said.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? String(values[name]) : whole));
}

function chooseLanguage(all, kept) {
  LANG.all = all;
  const wanted = [kept, ...(navigator.languages || [])].filter(Boolean);
  const known = Object.keys(all);
  for (const tag of wanted) {
    const found = known.find((one) => one === tag || one.split("-")[0] === tag.split("-")[0]);
    if (found) { LANG.tag = found; break; }
  }
  document.documentElement.lang = LANG.tag;
  document.documentElement.dir = all[LANG.tag].dir;
}

// An element with attributes and children; strings become text, never markup.
function el(name, attributes = {}, ...children) {
  const node = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (key.startsWith("on")) node.addEventListener(key.slice(2), value);
    else if (value === true) node.setAttribute(key, "");
    else if (value !== false && value !== null && value !== undefined) node.setAttribute(key, value);
  }
  node.append(...children.flat().filter((one) => one !== null && one !== undefined && one !== false));
  return node;
}

// Controls of direction, and characters without width: a stranger's text may hide behind them.
const HIDDEN = /[\u061c\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]/g;
const NAMES = { "\u202a": "LRE", "\u202b": "RLE", "\u202c": "PDF", "\u202d": "LRO", "\u202e": "RLO", "\u2066": "LRI",
  "\u2067": "RLI", "\u2068": "FSI", "\u2069": "PDI", "\u200e": "LRM", "\u200f": "RLM", "\u061c": "ALM",
  "\u200b": "ZWSP", "\u2060": "WJ", "\ufeff": "BOM" };

// The text with signs in the place of what cannot be seen.
function visible(text) {
  const nodes = [];
  let at = 0;
  for (const found of text.matchAll(HIDDEN)) {
    nodes.push(text.slice(at, found.index), el("span", { class: "hidden-sign" }, NAMES[found[0]]));
    at = found.index + 1;
  }
  nodes.push(text.slice(at));
  return nodes.filter((one) => one !== "");
}

// The text with its codes as chips; spans are [start, end, number of the code, its title].
function chipped(text, spans) {
  const nodes = [];
  let at = 0;
  for (const [start, end, number, title] of [...spans].sort((a, b) => a[0] - b[0])) {
    if (start < at) continue;
    nodes.push(...visible(text.slice(at, start)), el("span", { class: "code", title, "data-n": number }, visible(text.slice(start, end))));
    at = end;
  }
  nodes.push(...visible(text.slice(at)));
  return nodes;
}

// Where the codes of a source stand in a text: each spelling as often as the source has it.
function codeSpans(text, codes) {
  const spans = [];
  const taken = [];
  const free = (from, length) => !taken.some(([s, e]) => from < e && s < from + length);
  codes.forEach((code, index) => {
    let from = 0;
    for (const part of [code.open, code.close].filter(Boolean)) {
      let at = text.indexOf(part, from);
      while (at >= 0 && !free(at, part.length)) at = text.indexOf(part, at + 1);
      if (at < 0) break;
      taken.push([at, at + part.length]);
      spans.push([at, at + part.length, index + 1, code.title || code.name]);
      from = at + part.length;
    }
  });
  return spans;
}

// The numbers of the codes that a text does not have (whole).
function missingCodes(text, codes) {
  const found = codeSpans(text, codes);
  return codes.map((code, index) => index + 1).filter((number) => {
    const wanted = codes[number - 1].close ? 2 : 1;
    return found.filter((span) => span[2] === number).length < wanted;
  });
}

// Words, Chinese characters, Tibetan syllables, and what stands between them.
function tokens(text) {
  return text.match(/[\u3400-\u9fff]|[\u0f40-\u0fbc]+[\u0f0b\u0f0c]?|[\p{L}\p{N}\p{M}]+|\s+|[^]/gu) || [];
}

// The difference of two texts by words: [["=", text], ["-", text], ["+", text]].
function difference(before, after) {
  let a = tokens(before), b = tokens(after), start = 0, end = 0;
  while (start < a.length && start < b.length && a[start] === b[start]) start++;
  while (end < a.length - start && end < b.length - start && a[a.length - 1 - end] === b[b.length - 1 - end]) end++;
  const head = a.slice(0, start).join(""), tail = a.slice(a.length - end).join("");
  a = a.slice(start, a.length - end); b = b.slice(start, b.length - end);
  const out = head ? [["=", head]] : [];
  const push = (op, text) => { if (out.length && out[out.length - 1][0] === op) out[out.length - 1][1] += text; else out.push([op, text]); };
  if (a.length * b.length > 250000) {
    if (a.length) push("-", a.join(""));
    if (b.length) push("+", b.join(""));
  } else {
    const best = Array.from({ length: a.length + 1 }, () => new Uint16Array(b.length + 1));
    for (let i = a.length - 1; i >= 0; i--) for (let j = b.length - 1; j >= 0; j--)
      best[i][j] = a[i] === b[j] ? best[i + 1][j + 1] + 1 : Math.max(best[i + 1][j], best[i][j + 1]);
    let i = 0, j = 0;
    while (i < a.length || j < b.length) {
      if (i < a.length && j < b.length && a[i] === b[j]) { push("=", a[i]); i++; j++; }
      else if (i < a.length && (j === b.length || best[i + 1][j] >= best[i][j + 1])) push("-", a[i++]);
      else push("+", b[j++]);
    }
  }
  if (tail) push("=", tail);
  return out;
}

function differenceNodes(before, after) {
  return difference(before, after).map(([op, text]) =>
    op === "=" ? visible(text) : [el(op === "-" ? "del" : "ins", {}, visible(text))]).flat();
}

// The smallest change that makes one text of another: start, end, new text.
function smallest(before, after) {
  let start = 0, end = 0;
  while (start < before.length && start < after.length && before[start] === after[start]) start++;
  if (start && /[\ud800-\udbff]/.test(before[start - 1])) start--;
  while (end < before.length - start && end < after.length - start && before[before.length - 1 - end] === after[after.length - 1 - end]) end++;
  if (end && /[\udc00-\udfff]/.test(before[before.length - end])) end--;
  return [start, before.length - end, after.slice(start, after.length - end)];
}
