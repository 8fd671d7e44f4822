"""Pages that hypothesis makes: well kept, careless, and broken."""

from __future__ import annotations

from hypothesis import strategies as st

from tests.support.articles import blanks, one_of_words, prose, words

references = one_of_words(
    "&eacute; &nbsp; &lt; &gt; &amp; &quot; &#233; &#x41; &#8220; &copy &copy; &hellip; &shy; &#160; &lt &unknown; &AMP; "
    "&fjlig; &nvlt; &#0; &#128; &#x1F600; & && &; &# &#x; &notit; &ampersand; &#10; &zwj; &#99999999999;"
)
noise = st.sampled_from(
    [
        "<!-- note -->",
        "<!---->",
        "<!-->",
        "<!-- a -- b --!>",
        "<?php echo 1 ?>",
        "<![CDATA[x]]>",
        "</>",
        "</ x>",
        "<3",
        "< b",
    ]
)
signs = st.sampled_from(
    [
        "<br>", "<br/>", "<BR />", "<wbr>", '<img src="a.png" alt="">', "<img src=a.png>",
        '<svg viewBox="0 0 1 1"><path d="M0"/></svg>', "<script>if (a < b) x();</script>", '<input type="text" name=q>',
    ]
)  # fmt: skip
values = st.sampled_from(
    [
        '"A yak"', "'A \"big\" yak'", "Yak", '"5 &quot; nail"', '"Salt &amp; tea"', "'it&#39;s'", '" padded "', '"a\nb"',
        '"x &lt;1&gt; <b>"', "a/b", '"&copy=1 &copyx"', '"(\u00a0\u00a0)"', '"12"', '""', "&eacute;t&eacute;", "R&D",
    ]
)  # fmt: skip
names = st.sampled_from(
    [
        "alt",
        "title",
        "TITLE",
        "aria-label",
        "placeholder",
        "class",
        "id",
        "data-x",
        "href",
        "onclick",
        "xml:lang",
        "xmlns",
    ]
)


@st.composite
def attributes(draw: st.DrawFn) -> str:
    """None to three attributes in all styles of quoting."""
    made = draw(st.lists(st.tuples(names, st.sampled_from(["=", " = ", "=\n"]), values), max_size=3))
    said = "".join(f" {name}{sign}{value if name != 'class' else 'lead'}" for name, sign, value in made)
    return said + draw(
        st.sampled_from(["", "", " ", " disabled", " /"] if not said.endswith(("b", "D", "k", ";")) else ["", " "])
    )


inline_names = one_of_words("b i em strong a span small u font B sup q cite abbr mark custom-x")


@st.composite
def inline(draw: st.DrawFn, depth: int = 0) -> str:
    """Words, tags, comments; some tags crossed, some without their other half."""
    made = []
    for _ in range(draw(st.integers(0, 4))):
        kind = draw(st.integers(0, 11))
        if kind < 4 or depth > 2:
            made.append(draw(prose(longest=3)))
        elif kind < 7:
            name = draw(inline_names)
            made.append(f"<{name}{draw(attributes())}>{draw(inline(depth + 1))}</{name}>")
        elif kind == 7:
            made.append(draw(references))
        elif kind == 8:
            made.append(draw(noise))
        elif kind == 9:
            made.append(draw(signs))
        elif kind == 10:
            made.append(
                draw(st.sampled_from(["<b>", "</i>", "<b>x<i>y</b>z</i>", "<a href=x>", "</p>", "<code>pip</code>"]))
            )
        else:
            made.append(draw(blanks | words))
    return "".join(made)


block_names = one_of_words("p div li h1 h2 td blockquote dd figcaption section article ul table tr P textarea pre")


@st.composite
def blocks(draw: st.DrawFn, depth: int = 0) -> str:
    """Blocks in blocks, some never closed."""
    made = []
    for _ in range(draw(st.integers(0, 4 - depth))):
        name = draw(block_names)
        if name in ("textarea", "pre"):
            made.append(f"<{name}>{draw(prose())}</{name}>")
            continue
        content = draw(blocks(depth + 1)) if depth < 2 and draw(st.booleans()) else draw(inline())
        closing = draw(st.sampled_from([f"</{name}>", f"</{name}>", f"</{name} >", ""]))
        made.append(f"<{name}{draw(attributes())}>{content}{closing}{draw(blanks)}")
        if draw(st.integers(0, 5)) == 0:
            made.append(draw(inline()))
    return "".join(made)


@st.composite
def pages(draw: st.DrawFn) -> str:
    """A page, with or without its frame."""
    body = draw(blocks())
    if draw(st.booleans()):
        return body
    title, description = draw(prose()), draw(values)
    return (
        f"<!DOCTYPE html>\n<html lang=en><head><title>{title}</title><meta name=description content={description}>"
        f"</head><body>{body}</body></html>\n"
    )


soup = st.text(st.sampled_from("<<<>>//!--&&;;#\"'== \n\r\tabpx13é中ི\u00a0[]?"), max_size=60)
"""Anything that could be taken for markup."""
