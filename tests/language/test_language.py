"""A language is found by every usual spelling of its tag, and the four we ship need no CLDR."""

import subprocess
import sys
from datetime import date

import pytest

from toolkit.errors import UsageError
from toolkit.language import format_date, known, language


@pytest.mark.parametrize(
    ("written", "tag", "gettext"),
    [
        ("bo", "bo", "bo"),
        ("bod", "bo", "bo"),
        ("tib", "bo", "bo"),
        ("bo_CN", "bo", "bo"),
        ("bo-IN.UTF-8", "bo", "bo"),
        ("zh", "zh-Hans", "zh_Hans"),
        ("zh_CN", "zh-Hans", "zh_Hans"),
        ("ZH-hans", "zh-Hans", "zh_Hans"),
        ("zh-cmn-Hans", "zh-Hans", "zh_Hans"),
        ("cmn-Hant", "zh-Hant", "zh_Hant"),
        ("zh_TW", "zh-Hant", "zh_Hant"),
        ("zh_HK", "zh-Hant", "zh_Hant"),
        ("pt_br", "pt-BR", "pt_BR"),
        ("sr_latn", "sr-Latn", "sr_Latn"),
        ("deu", "de", "de"),
        ("iw", "he", "he"),
        ("es-419", "es-419", "es_419"),
    ],
)
def test_spellings(written: str, tag: str, gettext: str) -> None:
    """One table maps what people and tools write; the canonical tag and the locale folder come out."""
    found = language(written)
    assert (found.tag, found.gettext) == (tag, gettext)
    assert language(found.gettext) == found == language(found.tag)


@pytest.mark.parametrize("tag", ["xx", "", " ", "en--US", "../etc", "und", "qq-QQ", "en-Qqqq", "bo\nfr", "b" * 500])
def test_unknown(tag: str) -> None:
    """What nobody knows is one line that names the way on."""
    with pytest.raises(UsageError, match="unknown language") as caught:
        language(tag)
    assert "\n" not in str(caught.value)
    assert "lokta languages" in str(caught.value)


@pytest.mark.parametrize(
    ("written", "tag"),
    [
        ("Tibetan", "bo"),
        ("བོད་ཡིག", "bo"),
        ("chinese", "zh-Hans"),
        ("繁體中文", "zh-Hant"),
        ("cn", "zh-Hans"),
        ("French", "fr"),
    ],
)
def test_a_language_is_known_by_its_name(written: str, tag: str) -> None:
    assert language(written).tag == tag


def test_a_name_that_is_nearly_one_is_suggested() -> None:
    with pytest.raises(UsageError, match=r"did you mean Tibetan \(bo\)"):
        language("tibetian")


def test_ours() -> None:
    """The facts that editions and catalogs depend on."""
    bo, hans, hant, en = (language(tag) for tag in ("bo", "zh-Hans", "zh-Hant", "en"))
    assert (bo.autonym, bo.script, bo.joiner, bo.plural_forms) == ("བོད་ཡིག", "Tibt", " ", "nplurals=1; plural=0;")
    assert (hans.autonym, hans.script, hans.joiner) == ("简体中文", "Hans", "")
    assert (hant.autonym, hant.script, hant.quotes[0]) == ("繁體中文", "Hant", "「")
    assert (en.plural_forms, en.cased, en.spaced) == ("nplurals=2; plural=(n != 1);", True, True)
    assert not (bo.cased or hans.cased or bo.spaced or hans.spaced)
    assert language("dz").fallbacks == ("bo", "default")
    assert {"bo", "dz", "en", "zh-Hans", "zh-Hant"} == set(known())


def test_cldr_for_the_rest() -> None:
    """Any other language is described by CLDR, its region inheriting what is not its own."""
    assert language("ar").direction == "rtl"
    assert language("fr").plural_forms == "nplurals=2; plural=(n > 1);"
    assert language("ja").joiner == ""
    assert language("pt-BR").fallbacks == ("pt", "default")
    assert (language("de").autonym, language("de").quotes[0]) == ("Deutsch", "„")
    assert language("en-GB").name == "English (United Kingdom)"
    assert language("ru").cased and not language("th").spaced


@pytest.mark.parametrize(
    ("tag", "text"),
    [
        ("bo", "སྤྱི་ལོ་༢༠༢༣ ཟླ་༥ ཚེས་༧"),
        ("zh-Hans", "2023年5月7日"),
        ("zh-Hant", "2023年5月7日"),
        ("en", "May 7, 2023"),
        ("de", "7. Mai 2023"),
        ("tlh", "2023-05-07"),
    ],
)
def test_dates(tag: str, text: str) -> None:
    """A date never mixes two digit systems."""
    assert format_date(date(2023, 5, 7), tag) == text


def test_quick() -> None:
    """Our own languages must not pay for Babel."""
    code = (
        "import sys; from toolkit.language import language; [language(t) for t in 'bo zh-Hans zh-Hant en dz'.split()]"
    )
    subprocess.run([sys.executable, "-c", f"{code}; sys.exit('babel' in sys.modules)"], check=True)
