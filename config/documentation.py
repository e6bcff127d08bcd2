"""The pages of docs/ that are told from the code: the lives of its machines, and who may do what.

python -m config.documentation          writes docs/lifecycle.md and docs/permissions.md
python -m config.documentation --check  exits 1 when a page is not what the code says
"""

import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

DOCS = Path(__file__).resolve().parent.parent / "docs"
NOTICE = "<!-- Told from the code by `python -m config.documentation`: change the code, then run it. -->"


def lifecycle() -> str:
    """Every state machine: its diagram, its states, its transitions with their requirements."""
    from kit.lifecycle import machines

    parts = [
        f"# Lifecycles\n\n{NOTICE}\n",
        "A transition runs inside an action, after the permission of the person and every requirement named here. What"
        " a requirement asks for is a function of that name in a room `requirements`; a page shows what is missing as a"
        " list of sentences.\n",
    ]
    return "\n".join([*parts, *(_machine(model) for model in machines())])


def _machine(model: Any) -> str:
    from kit.lifecycle import markdown, mermaid

    title = f"## {str(model._meta.verbose_name).capitalize()} (`{model._meta.label}`)"
    return f"{title}\n\n```mermaid\n{mermaid(model)}```\n\n{markdown(model)}"


def permissions() -> str:
    """The permission page: for each action who may, in what relation to the object, in which states."""
    from people.permissions.table import RULES_OF, SYSTEM

    lines = [
        f"# Permissions\n\n{NOTICE}\n",
        "What does not stand here is refused. A tie to the applicant beats a role: whoever belongs to the applicant"
        " or a partner acts on the dossier as such and never as the staff. The note says what the act itself verifies"
        " besides.\n",
        "| action | role | relation | states of the dossier | note |",
        "|---|---|---|---|---|",
    ]
    lines += [
        f"| `{action}` | {rule.role} | {rule.relation} | {_states(rule.states)} | {rule.note} |"
        for action, rules in RULES_OF.items()
        for rule in rules
    ]
    lines += ["", "## What the product does by itself", "", "| actor | action | note |", "|---|---|---|"]
    lines += [f"| {rule.actor} | `{rule.action}` | {rule.note} |" for rule in SYSTEM]
    return "\n".join(lines) + "\n"


def _states(states: frozenset[str] | None) -> str:
    """`states` as a reader takes them in: the exceptions, where they are fewer."""
    from people.permissions.table import STATES

    if states is None:
        return "–"
    absent = [state for state in STATES if state not in states]
    if not absent:
        return "all"
    if len(absent) <= len(STATES) // 4:
        return f"all but {', '.join(absent)}"
    return ", ".join(state for state in STATES if state in states)


PAGES = {"lifecycle.md": lifecycle, "permissions.md": permissions}


def stale() -> Iterator[str]:
    """The pages that are not what the code says."""
    from django.utils import translation

    with translation.override("en"):
        for name, told in PAGES.items():
            page = DOCS / name
            if not page.exists() or page.read_text(encoding="utf-8") != told():
                yield name


def main() -> int:
    """Write the pages; with `--check`, say which ones are stale and exit 1 when there is one."""
    import django
    from django.utils import translation

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    if "--check" in sys.argv[1:]:
        found = list(stale())
        for name in found:
            print(f"docs/{name} is not what the code says: run `python -m config.documentation`.", file=sys.stderr)
        return 1 if found else 0
    with translation.override("en"):
        for name, told in PAGES.items():
            (DOCS / name).write_text(told(), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
