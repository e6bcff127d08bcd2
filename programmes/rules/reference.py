"""The reference form: what a new call asks until its programme manager changes it."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path

from programmes.rules.form import Form
from programmes.rules.form_values import parse

FILE = Path(__file__).with_name("reference_form.toml")


@cache
def reference_form() -> Form:
    """What R14, R17 and R25 ask: the project, its innovation, its team, its money, its days, what lasts, its papers."""
    return parse(tomllib.loads(FILE.read_text(encoding="utf-8")))
