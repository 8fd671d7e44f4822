"""The review page: an article beside its translation in the browser, over the review service.

    view      units as the page shows them: codes, findings, places counted as browsers count
    api       what the page asks of the catalogs: read, act, check, suggest
    guard     who may ask: the browser that was given the start address
    server    HTTP on 127.0.0.1 in front of both
    preview   the edition as `build` makes it, with the paragraphs named
    export    one file with all of it, for a review by mail
    words     the page's own words, in three languages
    assets    what the browser runs: text, input methods, keys, stores, view

The page has no state but the catalogs: it can be closed at any moment.
"""
