"""The three steps of a project: `translate` makes catalogs with drafts, `review` changes them as a person decides, `build`
writes editions. Each takes the project's context; long ones report to an event sink."""
