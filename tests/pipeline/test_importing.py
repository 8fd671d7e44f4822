"""Articles come into a project from files, folders and the web, and nothing else does."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.environment import Run
from tests.support.projects import write
from tests.support.server import serving
from toolkit.errors import DataError, UsageError
from toolkit.pipeline import importing
from toolkit.project.context import Context
from toolkit.remotes import address

PAGE = b"<html lang=en><head><title>Bridge</title></head><body><h1>Bridge</h1><p>It is open now.</p></body></html>"


@pytest.fixture
def project(tmp_path: Path, invoke: Run) -> Path:
    invoke("init", "--to", "bo")
    return tmp_path


def test_several_files_and_a_folder(project: Path, invoke: Run) -> None:
    write(project, "in/a.txt", "The river rose.\n")
    write(project, "in/deep/b.md", "# Title\n\nIt fell.\n")
    write(project, "c.txt", "The school opened.\n")
    said = invoke("import", "in", "c.txt", "--licence", "CC BY 4.0").stdout
    assert "imported articles/in/a.txt: 1 paragraph" in said and "imported articles/in/deep/b.md: 2 paragraphs" in said
    assert "imported articles/c.txt" in said and said.endswith("next: lokta translate\n")
    assert "not known: title, date, source; add them to articles/c.meta.toml" in said
    assert 'licence = "CC BY 4.0"' in (project / "articles/in/deep/b.meta.toml").read_text()
    assert invoke("import", "c.txt", "in", "--title", "x", code=2).stderr.startswith("lokta: --title is of one article")


def test_a_page_of_the_web(project: Path, invoke: Run) -> None:
    with serving() as site:
        url = site.put("/news/the%20bridge", PAGE, kind="text/html; charset=utf-8")
        assert "agree with --yes" in invoke("import", url, code=2).stderr and not site.asked
        said = invoke("import", url, "--yes").stdout
        assert "imported articles/the-bridge.html: 2 paragraphs" in said  # the title is its heading, too
        assert f'source = "{url}"' in (project / "articles/the-bridge.meta.toml").read_text()
        sent_on = site.put("/old", redirect=url)
        assert importing.from_web(sent_on).data == PAGE
        site.put("/x.bin", b"\0", kind="application/zip")
        with pytest.raises(DataError, match="is application/zip, not an article"):
            importing.from_web(f"{site.address}/x.bin")
        with pytest.raises(DataError, match="answers with 404"):
            importing.from_web(f"{site.address}/none")


def test_private_addresses_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    for url in ("https://10.0.0.1/a", "https://169.254.169.254/latest", "https://[fd00::1]/", "http://example.org/"):
        with pytest.raises(UsageError):
            importing.from_web(url)
    monkeypatch.setattr(address, "_resolve", lambda host: ["192.168.1.1"])
    with serving() as site:
        for target in ("https://10.0.0.1/a", "file:///etc/passwd", "http://example.org/"):
            with pytest.raises(DataError, match="sends on to an address that may not be asked"):
                importing.from_web(site.put("/on", redirect=target))


def test_a_link_in_the_articles_folder_is_not_followed(project: Path) -> None:
    victim = write(project.parent, "victim.txt", "mine\n")
    (project / "articles" / "c.txt").symlink_to(victim)
    with Context.at(project) as context, pytest.raises(DataError):
        importing.bring(context, importing.Arrived("c.txt", b"mine\n"), {"title": "x"})
        importing.bring(context, importing.Arrived("c.txt", b"other\n"), {})
    assert victim.read_text() == "mine\n"


def test_importing_again_keeps_what_a_person_wrote_about_an_article(project: Path, invoke: Run) -> None:
    write(project, "a.txt", "The river rose.\n\nRead more here.\n")
    invoke("import", "a.txt", "--source", "Courier")
    about = project / "articles/a.meta.toml"
    mine = about.read_text() + 'skip = ["Read more"]\n'
    about.write_text(mine)
    invoke("import", "a.txt")
    assert about.read_text() == mine
    assert "a.txt: 1 paragraph\n" in invoke("import", "a.txt", "--licence", "CC0", "--date", "2026-11-25").stdout
    said = about.read_text()
    assert all(one in said for one in ('"Courier"', '"CC0"', "date = 2026-11-25", '"Read more"'))
    about.write_text("broken")
    assert "a.meta.toml" in invoke("import", "a.txt", "--licence", "MIT", code=1).stderr
    assert about.read_text() == "broken"


def test_a_date_that_is_none_is_wrong_usage(project: Path, invoke: Run) -> None:
    write(project, "a.txt", "The river rose.\n")
    assert "write it like 2026-11-25" in invoke("import", "a.txt", "--date", "2026-13-45", code=2).stderr
    assert not (project / "articles/a.txt").exists()


def test_the_folder_that_a_browser_saved_beside_a_page_is_named(project: Path, invoke: Run) -> None:
    (project / "b.html").write_bytes(PAGE)
    assert "pictures" not in invoke("import", "b.html").stdout
    write(project, "b_files/x.svg", "<svg/>")
    said = invoke("import", "b.html").stdout
    assert "its pictures lie in b_files/; copy that folder to articles/ for editions to show them" in said
    write(project, "articles/b_files/x.svg", "<svg/>")
    assert "pictures" not in invoke("import", "b.html").stdout
