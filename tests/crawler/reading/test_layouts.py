from __future__ import annotations

from pathlib import Path

import pytest

from crawler.errors import BadLayouts
from crawler.reading.layouts import generic, parse_layouts, read_layouts
from tests.helpers import run


def test_a_file_overrides_single_fields_and_adds_layouts(tmp_path: Path) -> None:
    file = tmp_path / "mine.toml"
    file.write_text('[longform]\nbody = "div.new"\n[spring]\nyears = "2027"\ntitle = ["h1.spring"]\n', "utf-8")
    own, layouts = read_layouts(), read_layouts(file)
    assert (layouts["longform"].body, layouts["longform"].time) == (("div.new",), own["longform"].time)
    assert list(layouts) == ["spring", *own], "what is added is tried first"
    assert layouts["spring"].years == "2027"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('[longform]\nbodi = "x"\n', "mine.toml, line 2: “bodi” is no field of a layout: write one of title"),
        ('[longform]\ntitle = "h1"\nbody = ["div.a", "div..b"]\n', "mine.toml, line 3: “div..b” is no CSS selector"),
        ("[longform]\nbody = 5\n", "mine.toml, line 2: body is neither a selector nor a list of selectors"),
        ('body = "x"\n', "mine.toml, line 1: “body” stands outside a layout"),
        ("[longform\n", "mine.toml: not TOML"),
        ('["Big Name"]\nbody = "x"\n', "“Big Name” is no layout's name"),
        ('[generic]\nbody = "x"\n', "“generic” is no layout's name"),
        ("[longform]\nyears = 2024\n", "line 2: years is not text"),
    ],
)
def test_a_slip_is_named_with_its_place(text: str, said: str) -> None:
    with pytest.raises(BadLayouts) as caught:
        parse_layouts(text, "mine.toml", read_layouts())
    assert said in str(caught.value)
    assert len(str(caught.value).splitlines()) == 1


def test_a_file_that_is_not_there_is_one_line(tmp_path: Path) -> None:
    done = run("replay", "--data", tmp_path, GOC_NHIN_LAYOUTS=str(tmp_path / "none.toml"))
    assert (done.returncode, len(done.stderr.splitlines())) == (1, 1)


def test_a_page_that_no_layout_fits_has_the_noise_of_all() -> None:
    layouts = read_layouts()
    assert set(layouts["classic"].noise) | set(layouts["legacy"].noise) <= set(generic(layouts).noise)
    assert generic(layouts).body == ()
