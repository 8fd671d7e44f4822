"""Mutated input for every parser of foreign bytes, for as long as it is given.

    python -m benchmarks.fuzz --minutes 60 [--only po html markdown …] [--seed 1] [--keep FOLDER]

A parser may refuse its input with a LoktaError of one line; any other exception, more than `--seconds` for one input, and a
broken promise (an article that does not come back byte for byte, a catalog that is read otherwise after it was written) is a
finding: it is printed once for each place in the code, and its input is kept in the folder.
"""

from __future__ import annotations

import argparse
import io
import json
import random
import signal
import tempfile
import time
import traceback
import zipfile
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.support.environment import ROOT
from tests.support.gguf_header import header
from toolkit import article as articles
from toolkit import catalog as catalogs
from toolkit.article import metadata
from toolkit.catalog import exchange
from toolkit.catalog import extract as template_of
from toolkit.catalog.po import load
from toolkit.errors import LoktaError
from toolkit.files import decode
from toolkit.models import argos, extract, families, gguf, index, lockfile
from toolkit.project import config
from toolkit.quality.rules import failed_check
from toolkit.remotes import Remote
from toolkit.translation.engines.completions import ChatServer
from toolkit.units import LanguagePair, Request

Parser = Callable[[bytes, Path], None]
WORDS = [
    *(b"\x00", b"\xff\xff\xff\xff", b"\xff" * 8, b"\x80", b"\n\n", b"\r", b'"', b"\\", b"<", b">", b"</", b"<!--", b"-->"),
    *(b"&#0;", b"&#x110000;", b"]]>", b"[", b"]", b"(", b")", b"*", b"**", b"_", b"`", b"```", b"|", b"---", b"::: ", b"{%"),
    *(b"msgid ", b'msgstr "', b"#~ ", b"#| ", b"# lokta: mt ", b"#, fuzzy\n", b"msgctxt ", b"msgid_plural ", b"msgstr[9]"),
    *(b"[table]", b"[[x]]", b"key = ", b"1e999", b"nan", b"-1", b"9" * 400, b'{"a":', b"[[[[[[", b"null", b"true"),
    *("\u202e".encode(), "\ufeff".encode(), "་".encode(), "།".encode(), "𠀀".encode(), "é".encode(), b"\xed\xa0\x80"),
    *(b"<script>", b"<svg onload=", b"<table><tr><td>", b"<pre>", b"<title>", b"<p>" * 40, b"- " * 60, b"> " * 60, b"$$"),
    *(b"PK\x01\x02", b"PK\x05\x06", b"GGUF", b"../", b"/etc/passwd", b"\x00\x00\x00\x80", b"\x01\x00\x00\x00" * 3),
]  # fmt: skip


class Broken(Exception):
    """A promise was not kept."""


class Slow(Exception):
    """It took too long."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=60)
    parser.add_argument("--seconds", type=int, default=20, help="for one input")
    parser.add_argument("--only", nargs="*", choices=sorted(PARSERS), default=sorted(PARSERS))
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keep", type=Path, default=Path("fuzz-findings"))
    given = parser.parse_args()
    chance = random.Random(given.seed)
    signal.signal(signal.SIGALRM, _too_slow)
    tried, refused = Counter[str](), Counter[str]()
    seen: set[tuple[str, str]] = set()
    until = time.monotonic() + 60 * given.minutes
    with tempfile.TemporaryDirectory() as name:
        while time.monotonic() < until:
            for kind in given.only:
                data = mutated(chance, SEEDS[kind])
                if kind not in BINARY and chance.randrange(5):  # else nearly all of it would be refused as no UTF-8
                    data = data.decode("utf-8", "ignore").replace("\0", "").encode()
                tried[kind] += 1
                signal.alarm(given.seconds)
                try:
                    PARSERS[kind](data, Path(name))
                except LoktaError as error:
                    refused[kind] += 1
                    if "\n" in str(error):
                        found(given.keep, kind, data, Broken("a message of several lines"), seen)
                except Exception as error:
                    found(given.keep, kind, data, error, seen)
                finally:
                    signal.alarm(0)
    for kind in given.only:
        print(f"{kind:>10}: {tried[kind]:8} inputs, {refused[kind]:8} refused")
    print(f"{len(seen)} findings" + (f" in {given.keep}/" if seen else ""))


def _too_slow(*_: object) -> None:
    raise Slow


def found(folder: Path, kind: str, data: bytes, error: Exception, seen: set[tuple[str, str]]) -> None:
    """Print a finding, if its place is new, and keep its input."""
    frames = traceback.extract_tb(error.__traceback__)
    place = next((f"{f.filename}:{f.lineno}" for f in reversed(frames) if "toolkit" in f.filename), "")
    if (type(error).__name__, place) in seen:
        return
    seen.add((type(error).__name__, place))
    folder.mkdir(exist_ok=True)
    kept = folder / f"{kind}-{len(seen)}"
    kept.write_bytes(data)
    print(f"{kind}: {type(error).__name__}: {str(error)[:200]} at {place}; {kept}", flush=True)


def mutated(chance: random.Random, seeds: list[bytes]) -> bytes:
    """A seed with some changes: bytes, words, pieces moved, doubled or taken out, joined with another seed."""
    data = bytearray(chance.choice(seeds))
    for _ in range(chance.choice((1, 1, 2, 3, 5, 8, 20))):
        at = chance.randrange(len(data) + 1)
        until = min(len(data), at + chance.choice((1, 2, 8, 40, 400)))
        kind = chance.randrange(7)
        if kind == 0:
            data[at:at] = chance.choice(WORDS) * chance.choice((1, 1, 1, 2, 50))
        elif kind == 1:
            data[at:until] = b""
        elif kind == 2:
            data[at:at] = data[at:until] * chance.choice((1, 2, 30))
        elif kind == 3 and at < len(data):
            data[at] = chance.randrange(256)
        elif kind == 4:
            other = chance.choice(seeds)
            begin = chance.randrange(len(other) + 1)
            data[at:at] = other[begin : begin + chance.choice((4, 40, 400))]
        elif kind == 5:
            data[at:until] = bytes(chance.randrange(256) for _ in range(until - at))
        else:
            data[at:until] = chance.choice(WORDS)
    return bytes(data[: 2**17])


def _article(name: str) -> Parser:
    def parse(data: bytes, folder: Path) -> None:
        form = articles.format_of(name)
        text = form.decode(data, name)
        article = articles.read(text, form, file=name, source_language="en")
        if form.serialize(article, {}).text != text:
            raise Broken("it does not come back")
        block = next((block for block in article.blocks if block.translate), None)
        if block is not None:
            form.serialize(article, {block.id: f"{block.source} {text[:300]}"})
        form.to_html(article, {})
        template = template_of(article, "a", form.markup)
        again = catalogs.parse_catalog(catalogs.spelled(template, folder / "a.po"), folder / "a.po")
        if [unit.key for unit in again.live] != [unit.key for unit in template.live]:
            raise Broken("its template is read otherwise after it was written")

    return parse


def _po(data: bytes, folder: Path) -> None:
    path = folder / "a.po"
    catalog = catalogs.parse_catalog(catalogs.decoded(data, path), path)
    if catalogs.spelled(catalog, path) != decode(data, "a.po"):
        raise Broken("it does not come back")
    merged = catalogs.merge(catalog, TEMPLATE, catalog.target_language or "bo")
    again = catalogs.parse_catalog(catalogs.spelled(merged, path), path)
    if [(unit.key, unit.target) for unit in again.units] != [(unit.key, unit.target) for unit in merged.units]:
        raise Broken("it is read otherwise after it was written")
    new, _ = catalogs.reconcile(catalog, merged, again)
    catalogs.spelled(new, path)


def _gguf(data: bytes, folder: Path) -> None:
    gguf.begin(data, 2**13, "a.gguf")
    (folder / "a.gguf").write_bytes(data)
    gguf.read(folder / "a.gguf")


def _archive(data: bytes, folder: Path) -> None:
    with tempfile.TemporaryDirectory(dir=folder) as place:
        base = Path(place)
        (base / "a.argosmodel").write_bytes(data)
        before = sorted(path.name for path in folder.iterdir())
        try:
            extract.extract(base / "a.argosmodel", base / "into", extract.Limits(total=2**20))
            argos.read(base / "a.argosmodel", "here")
        finally:
            if sorted(path.name for path in base.iterdir() if path.name != "into") != [
                "a.argosmodel"
            ] or before != sorted(path.name for path in folder.iterdir()):
                raise Broken("it wrote beside its folder")


def _locked(data: bytes, folder: Path) -> None:
    (folder / lockfile.NAME).write_bytes(data)
    lockfile.load(folder)


def _answer(data: bytes, folder: Path) -> None:
    answer = data.decode("utf-8", "replace")
    for source in ("The river rose 3 metres on Monday.", "It fell. " * 40):
        request = Request(source, before="Before it rained.", title="News")
        failed_check(request, answer, f"Translate into Chinese: {source}", LanguagePair("en", "zh-Hans"))


def _chat(data: bytes, folder: Path) -> None:
    try:
        said: Any = json.loads(data)
    except (ValueError, RecursionError):
        said = data.decode("latin-1")
    for chat in (True, False):
        try:
            SERVER._understood(said, chat)
        except LoktaError:
            continue


def _exchange(data: bytes, folder: Path) -> None:
    for document in exchange.load(data, "x.xlf"):
        for form in exchange.FORMATS.values():
            form.dump([document])


def _zip(**members: str) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in members.items():
            archive.writestr(f"model/{name}", text)
    return held.getvalue()


def _files(*patterns: str) -> list[bytes]:
    return [path.read_bytes()[:20_000] for pattern in patterns for path in sorted(ROOT.glob(pattern))]


SERVER = ChatServer(Remote("x", "chat", "https://example.org/v1", model="m"))
_TEXT = (ROOT / "corpus" / "river-school-opens.txt").read_text(encoding="utf-8")
TEMPLATE = template_of(
    articles.read(_TEXT, articles.format_of("a.txt"), file="a.txt", source_language="en"), "a", "plain"
)
_PACKAGE = json.dumps({"from_code": "en", "to_code": "zh", "package_version": "1.0", "argos_version": "1.5"})
_CHOICE = {"message": {"content": "河水上涨。"}, "text": "河水", "finish_reason": "stop"}
_LOGPROBS = {"content": [{"token": "河", "bytes": [230, 178, 179], "logprob": -0.5}]}
_FIRST_INDEX = {
    "from_code": "en",
    "to_code": "zh",
    "package_version": "1.9",
    "links": ["https://example.org/a.argosmodel"],
}
PARSERS: dict[str, Parser] = {
    "po": _po,
    "text": _article("a.txt"),
    "markdown": _article("a.md"),
    "html": _article("a.html"),
    "metadata": lambda data, folder: void(metadata.parse(decode(data, "a.meta.toml"), "a.meta.toml")),
    "config": lambda data, folder: void(config.parse(decode(data, "lokta.toml"), folder / "lokta.toml")),
    "family": lambda data, folder: void(families.parse(decode(data, "f.toml"), "f")),
    "gguf": _gguf,
    "archive": _archive,
    "lockfile": _locked,
    "index": lambda data, folder: void(index.parse(data, "https://example.org/index.json")),
    "answer": _answer,
    "chat": _chat,
    "exchange": _exchange,
}
BINARY = {"gguf", "archive"}
SEEDS: dict[str, list[bytes]] = {
    "po": _files("locales/**/*.po", "locales/*.pot", "tests/catalog/tools/*.po", "tests/catalog/strange.po"),
    "text": _files("corpus/*.txt", "tests/article/text/*.txt"),
    "markdown": _files("corpus/*.md", "tests/article/markdown/**/*.md", "README.md", "CONTRIBUTING.md"),
    "html": _files("corpus/*.html", "tests/article/html/**/*.html"),
    "metadata": _files("corpus/*.meta.toml"),
    "config": [
        *_files("lokta.toml"),
        b'source_language = "en"\n[target.bo]\nengine = "argos"\n[remote.chat]\nkind = "chat"\nurl = "http://localhost:1/v1"\n'
        b'model = "m"\nkey = "LOKTA_KEY"\n[drafting]\nbeam = 4\n',
    ],
    "family": _files("toolkit/models/families/*.toml"),
    "gguf": [header(), header() + bytes(2000)],
    "archive": [
        _zip(**{"metadata.json": _PACKAGE, "model/model.bin": "x" * 50, "sentencepiece.model": "y"}),
        _zip(a="b"),
    ],
    "lockfile": [
        b'{"packages": {"a": {"engine": "argos", "sha256": "'
        + b"0" * 64
        + b'", "source": "https://example.org", "size": 3}}}'
    ],
    "index": [json.dumps([_FIRST_INDEX, {**_FIRST_INDEX, "to_code": "bo"}]).encode()],
    "answer": [
        "河水星期一上涨了三米。".encode(),
        b"Sure! Here is it:\n\n1. x",
        "ཆུ་བོ་མྱུར་དུ་རྒྱས།".encode(),
        _TEXT.encode(),
    ],
    "chat": [
        json.dumps({"choices": [{**_CHOICE, "logprobs": _LOGPROBS}], "usage": {"completion_tokens": 4}}).encode(),
        json.dumps({"choices": [{**_CHOICE, "logprobs": {"tokens": ["a"], "token_logprobs": [-1.0]}}]}).encode(),
        b'{"error": {"message": "no", "code": 3}}',
    ],
    "exchange": [
        form.dump([exchange.document(load(text.decode(), "x.po"))]).encode()
        for text in _files("locales/bo/**/*.po")
        for form in exchange.FORMATS.values()
    ],
}


def void(_: object) -> None:
    """Nothing is looked at in what was parsed."""


if __name__ == "__main__":
    main()
