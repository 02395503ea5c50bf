"""Templates show what they are given: they build no lists and work no numbers out."""

from __future__ import annotations

from pathlib import Path

import pytest
from jinja2 import Environment, nodes

from tests.helpers import ROOT

TEMPLATES = sorted((ROOT / "search_app/templates").iterdir())
MADE = (nodes.Add, nodes.Sub, nodes.Mul, nodes.Div, nodes.FloorDiv, nodes.Mod, nodes.Pow, nodes.List, nodes.Dict)


@pytest.mark.parametrize("file", TEMPLATES, ids=lambda file: file.name)
def test_nothing_is_worked_out_in_a_template(file: Path) -> None:
    tree = Environment(autoescape=True, extensions=["jinja2.ext.i18n"]).parse(file.read_text("utf-8"))
    assert [f"line {node.lineno}: {type(node).__name__}" for node in tree.find_all(MADE)] == []
