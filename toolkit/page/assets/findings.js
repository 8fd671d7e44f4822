// What checks say, in the interface's language: messages come in English, and are recognised by these patterns, the first that fits.

const FINDINGS = [
  "not translated yet",
  "not translated yet; the draft by {who} was refused: {text}",
  "the translation holds nothing but blanks",
  "the source changed since this was translated; it was: {text}",
  "the translation holds characters that cannot be shown",
  "the translation holds garbled characters",
  "the translation holds the model's control signs",
  "the translation holds the model's own reasoning",
  "a sign of an unknown word is in it: {text}",
  "a machine's remark is left in it: {what}",
  "the same words over and over",
  "the translation says the same twice",
  "the translation repeats itself",
  "said twice in a row: {text}",
  "a word twice: {text}",
  "not in {what}: {text}",
  "{what} in the {language} text: {text}",
  "reads like Dzongkha, not Tibetan: {text}",
  "Traditional characters: {text}",
  "Traditional characters (right only in a name): {text}",
  "Simplified characters: {text}",
  "Simplified characters (right only in a name): {text}",
  "not translated: the text is a copy of the source",
  "copied from the source: translate it, unless it is a name that stays",
  "words left in the source language: {text}",
  "left in the source's language: {text}",
  "left in Latin letters: {text}",
  "half a word in Latin letters: {text}",
  "tags close in the wrong order: what was opened last must be closed first",
  "nothing stands in {code}: in the source it holds {text}",
  "{what} missing from the translation: {text}",
  "{what} that the source does not have: {text}",
  "number changed in a name: {text} became {other}",
  "{what} changed: {text} became {other}",
  "stand in the other order: {text} and {other}",
  "{text} stands outside of {code}",
  "{what} in the source, none in the translation",
  "“{text}” of the source is denied nowhere in the translation",
  "the translation breaks off: it is too short, and has no end",
  "too short for all that the source says",
  "{n} of {all} sentences may be missing",
  "far longer than what the source says",
  "the source is a question, the translation is not",
  "the source is a question, the translation has no question mark",
  "no mark at the end",
  "quotation mark without its other half: {text}",
  "bracket without its other half: {text}",
  "a vowel sign twice: {text}",
  "a sign that stands on no letter: {text}",
  "digits of two kinds in one text",
  "most of this edition has Tibetan digits",
  "most of this edition has Arabic digits",
  "typography: {text}",
  "the term {name} is {text}, not {other}",
  "the term {name} is missing: {text}",
  "the term {name} is called {other} here beside {text}",
  "{text} is called {other} here, {usual} in {n} other paragraph",
  "{text} is called {other} here, {usual} in {n} other paragraphs",
  "{text}: the source has {other}",
];

// What stands in the place of {what}; the names of codes stand with their chips.
const NOUNS = ["number", "a number of a list", "day of the week", "month", "percent", "degrees", "tag", "line break", "footnote mark",
  "e-mail address", "character reference", "Latin letters", "Tibetan letters", "Chinese characters", "Cyrillic letters",
  "the model declines to translate", "begins with a remark about the translation", "the name of a language stands before the text",
  "a note or an explanation follows the translation"];

const PATTERNS = FINDINGS.map((text) => [text, new RegExp("^" + text.replace(/[.*+?^$()|[\]\\]/g, "\\$&").replace(/\{(\w+)\}/g, "(?<$1>[^]+?)") + "$")]);

// A message of a check in the interface's language; one that no pattern fits, such as a plug-in's, as it is.
function worded(message) {
  if (LANG.tag === "en") return message;
  for (const [text, pattern] of PATTERNS) {
    const found = message.match(pattern);
    if (found) return _(text, { ...found.groups, ...(found.groups && found.groups.what ? { what: _(found.groups.what) } : {}) });
  }
  return message;
}
