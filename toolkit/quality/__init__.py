"""Rules that judge a pair of texts: what they say of a unit, and why they refuse a draft (rules); drafts of any engine that are
of no use (refusal); how far two translations agree (agreement)."""
