"""How good a model is, against a person's translations of the same sentences."""
