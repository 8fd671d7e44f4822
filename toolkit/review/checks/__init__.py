"""One file per check; each says what it saw in a translator's words, and nothing when all is well."""
