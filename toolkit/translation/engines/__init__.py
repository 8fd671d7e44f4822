"""What answers requests: translation models, language models, servers, conversion, pseudo-localization; by name in registry.py."""
