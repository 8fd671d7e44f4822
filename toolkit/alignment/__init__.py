"""Finds which passage of a text is the translation of which passage of another: texts in, pairs out, nothing on disk.

A passage is a paragraph or a sentence. `traits` reads what can be compared, `comparing` scores pairs of passages, `beads`
finds the most probable alignment and how certain each pair of it is, `lexicon` learns which words belong together,
`documents` does all of it for a set of documents.
"""
