"""Side-by-side figures; each file says the command that prints them."""
