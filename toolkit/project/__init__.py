"""A project on disk: its settings (config), articles (discovery) and catalogs (store), put together for a run (context)."""
