"""Rules that judge a pair of texts: which drafts are refused (refusal, drafts), and what a check reports of a unit (checks)."""
