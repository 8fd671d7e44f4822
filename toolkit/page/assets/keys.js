// The keys. Nothing on Alt, Ctrl+Alt, Ctrl+digit or Ctrl+Space: input methods and browsers use them.

let chord = false; // Ctrl+K was pressed in the text

// The letter of a key: what it writes if that is ASCII, else where it lies, so that Tibetan layouts work.
function letter(event) {
  if (event.key.length === 1 && event.key.charCodeAt(0) < 128) return event.key.toLowerCase();
  const lies = /^(?:Key|Digit|Numpad)(.)$/.exec(event.code || "");
  if (lies) return lies[1].toLowerCase();
  return { Slash: event.shiftKey ? "?" : "/", Comma: ",", Period: "." }[event.code] || event.key;
}

const LIST = {
  j: () => move(1), k: () => move(-1), n: () => nextWaiting(false), r: riskiest, a: approve, x: reject, m: () => mend(),
  s: copySource, u: undo, c: askComment, o: keepMine, t: takeTheirs, "/": () => toggleFilter(true, "search"), f: () => toggleFilter(),
  p: () => togglePane(), "?": showHelp,
};

function listKey(event) {
  if (event.key === "ArrowDown") return () => move(1);
  if (event.key === "ArrowUp") return () => move(-1);
  if (event.key === "Home") return () => select(shownPlaces()[0]);
  if (event.key === "End") return () => select(shownPlaces().at(-1));
  if (event.key === "Enter") return openText;
  if (event.key === "F8") return nextCode;
  const pressed = letter(event);
  if (/^Digit[1-9]$/.test(event.code || "") && event.shiftKey) return () => insertCode(Number(event.code[5]));
  if (/^[1-9]$/.test(pressed)) return () => take(Number(pressed));
  return LIST[pressed];
}

document.addEventListener("keydown", (event) => {
  if (imeKey(event) || event.altKey || document.querySelector("dialog[open]")) return;
  const command = event.ctrlKey || event.metaKey;
  const writing = event.target === E.field;
  let action;
  if (writing && chord && !command && !/^(Shift|Control|Meta)$/.test(event.key)) {
    chord = false;
    action = listKey(event) || (() => {});
  } else if (writing) {
    if (command && event.key === "Enter") action = event.shiftKey ? reject : approve;
    else if (command && letter(event) === "k" && !event.shiftKey) action = () => { chord = true; announce(_("now a key of the list")); };
    else if (event.key === "F8") action = nextCode;
    else if (event.key === "Escape") action = leaveText;
    else if (event.key === "PageDown") action = () => { if (move(1)) openText(); };
    else if (event.key === "PageUp") action = () => { if (move(-1)) openText(); };
  } else if (!command && !/^(INPUT|SELECT|TEXTAREA)$/.test(event.target.tagName) && !(event.target.tagName === "BUTTON" && /^(Enter| )$/.test(event.key)) && event.target.tagName !== "SUMMARY") {
    action = listKey(event);
  } else if (event.target.id === "search" && (event.key === "Enter" || event.key === "Escape")) {
    action = () => { const [place] = shownPlaces(); if (event.key === "Escape") clearFilter(); if (place !== undefined) select(shownPlaces().includes(S.at) ? S.at : place); };
  } else if (event.key === "Escape" && event.target.closest("#filter")) action = () => select(S.at < 0 ? 0 : S.at);
  if (!action) return;
  event.preventDefault();
  action();
});

document.addEventListener("click", (event) => {
  const item = event.target.closest("#rows > .row");
  if (!item || event.target.closest("button, a, summary")) return;
  const place = Number(item.dataset.place);
  if (!unitAt(place) || event.target === E.field) return;
  if (String(getSelection()) && !event.target.closest(".target")) return;
  select(place, !event.target.closest(".target"));
  if (event.target.closest(".target")) openText();
});

document.addEventListener("focusin", (event) => {
  const item = event.target.closest("#rows > .row");
  if (item && Number(item.dataset.place) !== S.at && unitAt(Number(item.dataset.place))) select(Number(item.dataset.place), false);
});
