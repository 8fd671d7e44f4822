"""Which servers a project opted in to: what may stand in `[remote.*]`, and that no key may."""

from __future__ import annotations

from pathlib import Path

import pytest

from toolkit.errors import ConfigError
from toolkit.project import config
from toolkit.remotes import Remote, named

CHAT = '[remote.chat]\nurl = "https://api.example.org/v1/"\nmodel = "m"\n'
KEYS = ["sk-proj-a1B2c3D4e5F6", "0d4c7f6e-1d7a-4c49-9d0b-6f8c0b7e2a11", "abcdef0123456789", "AKIAIOSFODNN7EXAMPLE2"]


def read(text: str) -> dict[str, Remote]:
    return dict(config.parse(text, Path("/x/lokta.toml")).remotes)


def test_a_table_is_read() -> None:
    text = CHAT + 'key = "LOKTA_EXAMPLE_KEY"\nprice_in = 1\nprice_out = 2.5\nsegments = 12\ntimeout = 60\n'
    assert read(text)["chat"] == Remote(
        "chat", "chat", "https://api.example.org/v1", "LOKTA_EXAMPLE_KEY", "m", "instruct", 12, 1.0, 2.5, 60
    )
    assert read("") == {}


def test_who_is_asked() -> None:
    far = read(CHAT)["chat"]
    assert (far.host, far.origin, far.here) == ("api.example.org", "https://api.example.org", False)
    near = [
        read(f'[remote.libretranslate]\nurl = "http://{host}:5000"\n')["libretranslate"]
        for host in ("localhost", "127.0.0.1", "[::1]")
    ]
    assert all(one.here for one in near)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[remote]\nchat = 1", r"write a table \[remote\.chat\]"),
        ('[remote.mine]\nurl = "https://a.org"', 'needs kind = "chat"'),
        ('[remote."a b"]\nkind = "chat"', "a name that --engine cannot say"),
        ('[remote.chat]\nurl = "https://a.org/v1"', "needs model"),
        ('[remote.chat]\nmodel = "m"', "url is no address"),
        (CHAT.replace("https:", "http:"), "only this machine itself is asked by http; write https://api.example.org"),
        (CHAT.replace("https:", "ftp:"), "url is no address"),
        (CHAT + "timeout = 0", "timeout is a whole number from 1"),
        (CHAT + "timeout = true", "timeout must be a whole number"),
        (CHAT + "price_in = -1", "price_in is what a million tokens cost"),
        (CHAT + "price_in = nan", "price_in is what a million tokens cost"),
        (CHAT + 'temperature = "0"', "unknown key 'temperature'; known are kind, url, key, timeout, model"),
        ('[remote.libretranslate]\nurl = "https://a.org"\nmodel = "m"', "unknown key 'model'"),
    ],
)  # fmt: skip
def test_wrong_lines_are_named(text: str, message: str) -> None:
    with pytest.raises(ConfigError, match=message) as caught:
        read(text)
    assert "lokta.toml" in str(caught.value) and "\n" not in str(caught.value)


@pytest.mark.parametrize("key", KEYS)
@pytest.mark.parametrize(
    "where", ['key = "{}"', 'api_key = "{}"', 'url = "https://user:{}@a.org/v1"', 'url = "https://a.org/v1?key={}"']
)
def test_a_key_in_the_file_is_refused_and_not_repeated(where: str, key: str) -> None:
    table = {"url": '"https://a.org"', "model": '"m"'}
    table.pop(where.partition(" ")[0], None)
    text = "[remote.chat]\n" + "".join(f"{name} = {value}\n" for name, value in table.items()) + where.format(key)
    with pytest.raises(ConfigError) as caught:
        read(text)
    assert key not in str(caught.value)


def test_the_key_comes_from_the_environment_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    remote = read(CHAT + 'key = "LOKTA_EXAMPLE_KEY"')["chat"]
    monkeypatch.delenv("LOKTA_EXAMPLE_KEY", raising=False)
    with pytest.raises(ConfigError, match="environment variable LOKTA_EXAMPLE_KEY, which is not set"):
        remote.secret()
    monkeypatch.setenv("LOKTA_EXAMPLE_KEY", "s3cret-of-ours\n")
    assert remote.secret() == "s3cret-of-ours" and "s3cret" not in repr(remote)
    monkeypatch.setenv("LOKTA_EXAMPLE_KEY", "two words")
    with pytest.raises(ConfigError, match="holds more than a key") as caught:
        remote.secret()
    assert "two words" not in str(caught.value)
    assert read(CHAT)["chat"].secret() == ""


def test_a_server_is_found_by_its_kind_or_its_name() -> None:
    one = read(CHAT)
    two = one | read('[remote.desk]\nkind = "chat"\nurl = "http://127.0.0.1:8080/v1"\nmodel = "q"')
    alone = {"desk": two["desk"]}
    assert named("chat", "", one).name == named("chat", "chat", two).name == named("chat", "", two).name == "chat"
    assert named("chat", "desk", two).name == named("chat", "", alone).name == "desk"
    with pytest.raises(ConfigError, match=r"lokta.toml has \[remote.chat\], \[remote.desk\], not \[remote.other\]"):
        named("chat", "other", two)
    others = {"a": alone["desk"], "b": Remote("b", "chat", "http://127.0.0.1", model="m")}
    with pytest.raises(ConfigError, match="name one of them"):
        named("chat", "", others)


@pytest.mark.parametrize("kind", ["chat", "libretranslate"])
def test_without_a_table_one_line_says_what_to_write(kind: str) -> None:
    with pytest.raises(ConfigError, match=rf"not opted in to; write into its lokta.toml: \[remote.{kind}\]") as caught:
        named(kind, "", {})  # type: ignore[arg-type]
    assert "url = " in str(caught.value) and "\n" not in str(caught.value)
