"""Translations that exist become units: accepted where they are certain, fuzzy where not, and no person's words are lost."""

from __future__ import annotations

import random
from dataclasses import replace
from pathlib import Path

import pytest

from tests.support.projects import change as changed
from tests.support.projects import read, reviewed, translate, write, write_catalog
from toolkit.errors import DataError, UsageError
from toolkit.events import Recorder
from toolkit.pipeline import adopt as pipeline
from toolkit.pipeline.adopt import Adoption
from toolkit.pipeline.pairing import paired
from toolkit.project.context import Context
from toolkit.units import ProvenanceLine, State, Unit, text_hash

TEXTS = Path(__file__).parent.parent / "alignment"
ENGLISH, CHINESE, TIBETAN = ((TEXTS / f"bridge.{name}").read_text("utf-8") for name in ("en.md", "zh.md", "bo.txt"))
ROSE = "It is 412 metres long and cost 86 million yuan, according to the county's transport office."


@pytest.fixture
def project(tmp_path: Path) -> Path:
    write(
        tmp_path,
        "lokta.toml",
        'source_language = "en"\narticles = "."\nreviewer = "Dolma"\n[target.zh-Hans]\n[target.bo]\n',
    )
    write(tmp_path, "a.md", ENGLISH)
    return tmp_path


def adopt(
    folder: Path, translation: str, target: str = "zh-Hans", article: str = "a.md", dry_run: bool = False
) -> Adoption:
    with Context.at(folder) as context:
        pairs = paired(context, folder / article, folder / translation, target)
        (done,) = pipeline.adopt(context, pairs.pairs, target, dry_run=dry_run)
    return done


def units(folder: Path, tag: str = "zh-Hans") -> dict[str, Unit]:
    return {unit.source: unit for unit in read(folder, tag).live}


@pytest.mark.parametrize(("name", "text", "target"), [("a.zh.md", CHINESE, "zh-Hans"), ("old.txt", TIBETAN, "bo")])
def test_what_is_certain_is_accepted_and_says_where_it_comes_from(
    project: Path, name: str, text: str, target: str
) -> None:
    write(project, name, text)
    done = adopt(project, name, target)
    assert done.count("certain") >= 9
    for unit in units(project, target).values():
        line = unit.line("adopted")
        if unit.target:
            assert line is not None and line.get("from") == name and line.get("hash") == text_hash(unit.target)
            assert (unit.state is State.ACCEPTED) == (
                float(line.get("sure")) >= 0.95 and not unit.fuzzy
            ) and not unit.machine
    again = adopt(project, name, target)
    assert not again.count("certain") and not again.count("doubtful") and not again.count("conflict")


def test_a_dry_run_writes_nothing(project: Path) -> None:
    write(project, "a.zh.md", CHINESE)
    done = adopt(project, "a.zh.md", dry_run=True)
    assert done.count("certain") >= 9 and not (project / "locales").exists()


def test_what_has_no_partner_is_listed(project: Path) -> None:
    paragraphs = CHINESE.split("\n\n")
    del paragraphs[5:7]
    paragraphs.insert(8, "译者注：本文首发于2023年。")
    write(project, "a.zh.md", "\n\n".join(paragraphs))
    done = adopt(project, "a.zh.md")
    left = [entry for entry in done.entries if entry.verdict == "left source"]
    added = [entry for entry in done.entries if entry.verdict == "left target"]
    assert any("Tashi" in entry.source and entry.line == 11 for entry in left)
    assert any("译者注" in entry.target for entry in added) and added[0].line == 17
    tashi = next(unit for source, unit in units(project).items() if source.startswith("Tashi"))
    assert tashi.state is State.INITIAL


def test_a_persons_words_stay_and_a_machines_do_not(project: Path) -> None:
    write(project, "a.zh.md", CHINESE)
    adopt(project, "a.zh.md")
    changed(project, ROSE, reviewed("长412米。"))

    def drafted(unit: Unit) -> Unit:
        line = ProvenanceLine("mt", (("engine", "x"), ("model", "m"), ("hash", text_hash("机器。"))))
        return replace(unit, provenance=()).drafted("机器。", line)

    held = read(project, "zh-Hans")
    people = tuple(drafted(unit) if unit.source == "Residents asked for a bus." else unit for unit in held.units)
    write_catalog(Context.at(project).store.path("a", "zh-Hans"), replace(held, units=people))
    done = adopt(project, "a.zh.md")
    (conflict,) = [entry for entry in done.entries if entry.verdict == "conflict"]
    assert conflict.source == ROSE and "412" in conflict.target
    now = units(project)
    assert now[ROSE].state is State.REVIEWED and now[ROSE].target == "长412米。"
    bus = now["Residents asked for a bus."]
    assert bus.target == "居民要求开通公交车。" and bus.line("mt") is None and bus.line("adopted") is not None


def test_a_saved_web_page_for_markdown(project: Path) -> None:
    import html
    import re

    def element(paragraph: str) -> str:
        level = len(paragraph) - len(paragraph.lstrip("#"))
        text = html.escape(paragraph.lstrip("# "), quote=False)
        text = re.sub(r"\[([^]]*)\]\(([^)]*)\)", r'<a class="x" href="\2">\1</a>', text)
        text = re.sub(r"`([^`]*)`", r"<code>\1</code>", text)
        return f"<h{level}>{text}</h{level}>" if level else f"<p>{text}</p>"

    body = "\n".join(element(one) for one in CHINESE.strip().split("\n\n"))
    page = f'<html lang="zh"><head><title>桑日</title></head><body><nav><a href="/">首页</a></nav><main>{body}</main></body></html>'
    write(project, "old/page.html", page)
    done = adopt(project, "old/page.html")
    assert done.count("certain") >= 9
    now = units(project)
    linked = next(unit for source, unit in now.items() if "Chengdu" in source)
    assert "[成都大学](https://www.cdu.edu.cn/bridge)" in linked.target and linked.state is State.ACCEPTED
    assert "`trafficd`" in next(unit.target for source, unit in now.items() if "trafficd" in source)


def test_codes_that_do_not_fit_are_doubtful(project: Path) -> None:
    write(project, "old.txt", CHINESE.replace("[成都大学](https://www.cdu.edu.cn/bridge)", "成都大学").replace("`", ""))
    adopt(project, "old.txt")
    linked = next(unit for source, unit in units(project).items() if "Chengdu" in source)
    assert linked.state is State.DRAFT and "2016" in linked.target and not linked.machine


def test_what_stands_in_the_sources_words_is_no_translation(project: Path) -> None:
    write(project, "a.zh.md", CHINESE.replace("居民要求开通公交车。", "Residents asked for a bus."))
    done = adopt(project, "a.zh.md")
    assert done.count("untranslated") + done.count("left source") == 1
    assert units(project)["Residents asked for a bus."].state is State.INITIAL


def test_a_text_in_two_translations_is_doubtful(project: Path) -> None:
    write(project, "a.md", ENGLISH.replace("Residents asked for a bus.", ROSE))
    write(project, "a.zh.md", CHINESE.replace("居民要求开通公交车。", "大桥长412米，耗资8600万元，县交通局这样说。"))
    adopt(project, "a.zh.md")
    assert units(project)[ROSE].fuzzy


def test_folders_are_paired_by_name(project: Path) -> None:
    for name, text in (
        ("en/one.md", ENGLISH),
        ("en/sub/two.md", ENGLISH),
        ("en/lonely.md", "Nobody.\n"),
        ("zh/one.md", CHINESE),
        ("zh/sub/two.zh-CN.html", CHINESE),
        ("zh/stray.md", "没有人。\n"),
    ):
        write(project, name, text)
    with Context.at(project) as context:
        pairs = paired(context, project / "en", project / "zh", "zh-Hans")
    assert [(source.id, path.name) for source, path in pairs.pairs] == [
        ("en/one", "one.md"),
        ("en/sub/two", "two.zh-CN.html"),
    ]
    assert [path.name for path in pairs.left] == ["lonely.md", "stray.md"]


def test_one_folder_with_languages_in_its_names(project: Path) -> None:
    write(project, "posts/one.md", ENGLISH)
    write(project, "posts/one.zh.md", CHINESE)
    with Context.at(project) as context:
        pairs = paired(context, project / "posts", project / "posts", "zh-Hans")
        (done,) = pipeline.adopt(context, pairs.pairs, "zh-Hans")
    assert [path.name for _, path in pairs.pairs] == ["one.zh.md"] and not pairs.left and done.count("certain") >= 9


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("b.md", ENGLISH, "hardly in Chinese"),
        ("b.md", "\n", "empty"),
        ("b.docx", "x", "no reader"),
        ("gone.md", None, "no such file"),
        ("b.md", "\x00\x01" * 50, "b.md"),
    ],
)
def test_what_cannot_be_adopted(project: Path, name: str, text: str | None, said: str) -> None:
    if text is not None:
        write(project, name, text)
    with pytest.raises(DataError, match=said):
        adopt(project, name)
    assert not (project / "locales").exists()


JAPANESE = (
    "この橋は二年かけて造られ、五月に開通しました。川の南に住む人々は、それまで遠くの橋まで車で行かなければなりませんでした。"
    * 5
)
TRADITIONAL = "這座橋是縣裡花了兩年時間修建的，於五月開通。住在河南岸的居民從前須開車到很遠的地方過橋。" * 6
SIMPLIFIED = "这座桥是县里花了两年时间修建的，于五月开通。住在河南岸的居民从前须开车到很远的地方过桥。" * 6


@pytest.mark.parametrize(
    ("text", "target", "said"),
    [
        (JAPANESE, "zh-Hans", "hardly in Chinese"),
        (JAPANESE, "ja", ""),
        (SIMPLIFIED, "ja", "hardly in Japanese"),
        (TRADITIONAL, "zh-Hans", "--to zh-Hant"),
        (SIMPLIFIED, "zh-Hant", "--to zh-Hans"),
        (TRADITIONAL, "zh-Hant", ""),
        (SIMPLIFIED + TRADITIONAL[:40], "zh-Hans", ""),
        (TRADITIONAL, "ko", "hardly in Korean"),
    ],
)
def test_a_translation_into_another_language_is_refused(project: Path, text: str, target: str, said: str) -> None:
    write(project, "b.md", text)
    if said:
        with pytest.raises(DataError, match=said):
            adopt(project, "b.md", target)
        assert not (project / "locales").exists()
    else:
        adopt(project, "b.md", target)


def test_footnotes_of_markdown_are_paired_by_what_they_are_called(project: Path) -> None:
    notes = {
        "report": ("Annual report, 2019.", "年度报告，2019年。"),
        "map": ("See a map.", "见地图。"),
        "1": ("A note.", "注。"),
    }
    ours, theirs = (
        "\n\n".join(f"[^{label}]: {texts[side]}" for label, texts in notes.items() if side == 0 or label != "map")
        for side in (0, 1)
    )
    references = "".join(f"[^{label}]" for label in notes)
    write(project, "a.md", ENGLISH.replace("on 14 May 2019,", f"on 14 May 2019{references},") + "\n" + ours + "\n")
    write(project, "a.zh.md", theirs + "\n\n" + CHINESE.replace("2019年5月14日", "2019年5月14日[^report][^1]") + "\n")
    done = adopt(project, "a.zh.md")
    found = {entry.source: entry.target for entry in done.entries if entry.target}
    assert found["Annual report, 2019."] == "年度报告，2019年。" and not found.get("See a map.")
    assert done.count("certain") >= 9


def test_the_article_itself_and_another_language(project: Path) -> None:
    with pytest.raises(UsageError, match="the article itself"):
        adopt(project, "a.md")
    write(project, "b.md", CHINESE)
    with pytest.raises(UsageError, match="in en already"):
        adopt(project, "b.md", "en")
    (project / "folder").mkdir()
    with pytest.raises(UsageError, match="two files, or two folders"):
        adopt(project, "folder")


def test_of_several_a_broken_one_is_told(project: Path) -> None:
    write(project, "en/one.md", ENGLISH)
    write(project, "en/two.md", ENGLISH)
    write(project, "zh/one.md", CHINESE)
    write(project, "zh/two.md", "\n")
    told = Recorder()
    with Context.at(project) as context:
        pairs = paired(context, project / "en", project / "zh", "zh-Hans")
        done = pipeline.adopt(context, pairs.pairs, "zh-Hans", tell=told)
    assert [one.article for one in done] == ["en/one"] and "empty" in told.warnings[0]


def test_drafts_of_an_engine_are_evidence_and_nothing_else(project: Path) -> None:
    from tests.support.fake_engine import FakeEngine

    paragraphs = {"en": ENGLISH.split("\n\n"), "zh": CHINESE.split("\n\n")}
    words = {
        sentence: draft
        for one, other in zip(paragraphs["en"], paragraphs["zh"], strict=True)
        for sentence, draft in [(one.strip("# \n"), other.strip("# \n"))]
    }
    write(project, "a.zh.md", "\n\n".join(paragraphs["zh"][:3] + paragraphs["zh"][6:]))
    engine = FakeEngine(lambda text: words.get(text, "机器。"), grain="paragraph")
    told = Recorder()
    done = {}
    with Context.at(project) as context:
        engines = {**context.resources.engines, "fake": lambda *_: engine}
        asked = replace(context, resources=replace(context.resources, engines=engines))
        pairs = paired(asked, project / "a.md", project / "a.zh.md", "zh-Hans")
        for spec in ("", "fake"):
            (done[spec],) = pipeline.adopt(asked, pairs.pairs, "zh-Hans", dry_run=not spec, tell=told, engine=spec)
    assert [(at.done, at.target_language) for at in told.progress] == [(len(engine.asked), "zh-Hans")]
    assert engine.asked and done["fake"].count("certain") >= done[""].count("certain")
    for source, unit in units(project).items():
        assert unit.line("mt") is None and unit.target != "机器。"
        assert not unit.state.approved or unit.target == words.get(source, unit.target)


@pytest.mark.parametrize(("spec", "said"), [("chat/x", "on this machine alone"), ("nobody", "unknown engine")])
def test_engines_that_cannot_be_asked(project: Path, spec: str, said: str) -> None:
    write(project, "a.zh.md", CHINESE)
    with Context.at(project) as context:
        pairs = paired(context, project / "a.md", project / "a.zh.md", "zh-Hans")
        with pytest.raises(UsageError, match=said):
            pipeline.adopt(context, pairs.pairs, "zh-Hans", engine=spec)
    assert not (project / "locales").exists()


SYLLABLES = ("ba", "do", "ki", "lu", "me", "ra", "so", "ti")
SIGNS = "河桥学山市村医冬夏马路庙集书水火"
WORDS = [
    (f"{one}{two}n", f"{SIGNS[n]}{SIGNS[8 + m]}") for n, one in enumerate(SYLLABLES) for m, two in enumerate(SYLLABLES)
]
"""Words of a made-up language, and what they are in another."""


def sentence(chance: random.Random) -> tuple[str, str]:
    """A sentence of three to nine words in two languages."""
    words = [chance.choice(WORDS) for _ in range(chance.randint(3, 9))]
    return f"The {' and '.join(one for one, _ in words)} came.", f"{'和'.join(one for _, one in words)}来了。"


def test_a_paragraph_that_translates_two_is_cut_where_that_is_certain(project: Path) -> None:
    chance = random.Random(5)
    known = dict(sentence(chance) for _ in range(200))
    write(project, "m.md", "\n\n".join(known))
    translate(project, "zh-Hans", names=("m.md",))
    held = read(project, "zh-Hans", "m")
    approved = tuple(reviewed(known[unit.source])(unit) for unit in held.units)
    write_catalog(Context.at(project).store.path("m", "zh-Hans"), replace(held, units=approved))
    paragraphs = [[sentence(chance) for _ in range(3)] for _ in range(12)]
    sources = [" ".join(one for one, _ in paragraph) for paragraph in paragraphs]
    targets = ["".join(one for _, one in paragraph) for paragraph in paragraphs]
    write(project, "a.md", "\n\n".join(sources))
    write(project, "a.zh.md", "\n\n".join([*targets[:5], targets[5] + targets[6], *targets[7:]]))
    done = adopt(project, "a.zh.md")
    cut = [entry for entry in done.entries if "cut from a paragraph" in entry.why]
    assert [(entry.source, entry.target) for entry in cut] == [(sources[n], targets[n]) for n in (5, 6)]
    assert all(units(project)[sources[n]].state is State.DRAFT for n in (5, 6))


def test_what_the_catalog_pairs_already_is_known_however_unlike_it_is(project: Path) -> None:
    odd = "此处从略，详见后文。"
    paragraphs = CHINESE.split("\n\n")
    place = next(at for at, one in enumerate(paragraphs) if "412" in one)
    moved = [odd, *paragraphs[:place], *paragraphs[place + 1 :]]
    write(project, "a.zh.md", "\n\n".join(moved) + "\n")
    before = adopt(project, "a.zh.md", dry_run=True)
    assert {one.source for one in before.entries if one.verdict == "left source"} >= {ROSE}
    assert {one.target for one in before.entries if one.verdict == "left target"} >= {odd}
    translate(project, "zh-Hans", names=("a.md",))
    changed(project, ROSE, reviewed(odd))
    after = adopt(project, "a.zh.md", dry_run=True)
    (known,) = [one for one in after.entries if one.source == ROSE]
    assert (known.verdict, known.target) == ("known", odd)
    assert odd not in {one.target for one in after.entries if one.verdict == "left target"}
    assert after.count("left source") == before.count("left source") - 1
