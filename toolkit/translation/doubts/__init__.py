"""Signs that a language model's answer is no translation, a rule each: words about it, echoes of the request, measures."""
