// Input methods: nothing is inserted, replaced or decided while somebody is in the middle of a composition.

const IME = { field: null, ended: -1000, waiting: [] };

document.addEventListener("compositionstart", (event) => { IME.field = event.target; }, true);
for (const name of ["compositionend", "focusout"]) {
  document.addEventListener(name, (event) => {
    if (IME.field !== event.target) return;
    IME.field = null;
    if (name === "compositionend") IME.ended = performance.now();
    setTimeout(settle, 0); // after the field has got the text
  }, true);
}

function composing() {
  if (IME.field && !IME.field.isConnected) IME.field = null; // a removed field sends no compositionend
  return IME.field !== null;
}

// Whether a key belongs to an input method. Safari sends compositionend before the Enter that ends it.
function imeKey(event) {
  const writes = /^(TEXTAREA|INPUT)$/.test(event.target.tagName);
  return event.isComposing || event.keyCode === 229 || composing() || (writes && performance.now() - IME.ended < 100);
}

// Do something now, or once the composition has ended.
function whenSettled(action) {
  if (composing()) IME.waiting.push(action);
  else action();
}

function settle() {
  while (IME.waiting.length && !composing()) IME.waiting.shift()();
}

// The one way in which the page puts text into a field: it can be undone by the browser's own undo.
function insertText(field, start, end, text) {
  field.focus({ preventScroll: true });
  field.setSelectionRange(start, end);
  const done = text ? document.execCommand("insertText", false, text)
    : start === end || document.execCommand("delete", false);
  if (!done) {
    field.setRangeText(text, start, end, "end");
    field.dispatchEvent(new InputEvent("input", { bubbles: true }));
  }
}

function replaceText(field, text) {
  if (field.value !== text) insertText(field, ...smallest(field.value, text));
}
