"""The French catalogue: merge its parts, compile it, and say what is wrong with it. Needs Python alone, not gettext.

python -m config.translations          compiles locale/fr/LC_MESSAGES/django.mo when a part is newer
python -m config.translations --check  also fails for a missing, equal, unused, contradictory or ill-set string
"""

import ast
import os
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import polib

ROOT = Path(__file__).resolve().parent.parent
FRENCH = ROOT / "locale" / "fr"
COMPILED = FRENCH / "LC_MESSAGES" / "django.mo"
FLOORS = ("config", "demo", "web", "monitoring", "selection", "grants", "programmes", "people", "records", "kit")
METADATA = {
    "Content-Type": "text/plain; charset=utf-8",
    "Content-Transfer-Encoding": "8bit",
    "Language": "fr",
    "Plural-Forms": "nplurals=2; plural=(n > 1);",
}
# Functions of django.utils.translation, and the places of their (context, singular, plural) arguments.
CALLS = {
    **dict.fromkeys(("_", "_t", "_l", "gettext", "gettext_lazy", "gettext_noop"), (None, 0, None)),
    **dict.fromkeys(("ngettext", "ngettext_lazy", "_n"), (None, 0, 1)),
    **dict.fromkeys(("pgettext", "pgettext_lazy", "_p"), (0, 1, None)),
    **dict.fromkeys(("npgettext", "npgettext_lazy"), (0, 1, 2)),
}
# An ordinary space where French sets a no-break one, a straight apostrophe, or no space before a high mark.
ILL_SET = re.compile(r" [;:!?€»]| %(?![(sd])|« |\w'\w|[\w)»][;!?](?!\w)")
NOT_PROSE = re.compile(r"https?://\S+|&\w+;|<[^>]*>|\{[^}]*\}")
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|\{\w*[^}]*\}|(?<!%)%[sd]")

Message = tuple[str | None, str]


class CatalogueError(Exception):
    """The parts of the catalogue contradict each other."""


def parts() -> list[Path]:
    """The files of the catalogue: one a room, each written with the strings it translates."""
    return sorted((FRENCH / "parts").glob("*.po"))


def merged() -> polib.POFile:
    """All parts in one catalogue. Raises `CatalogueError` when two parts translate one string differently."""
    catalogue, seen, clashes = polib.POFile(wrapwidth=0), {}, []
    catalogue.metadata = METADATA
    for part in parts():
        for entry in polib.pofile(str(part), encoding="utf-8"):
            if entry.obsolete or not entry.msgid:
                continue
            key = (entry.msgctxt, entry.msgid)
            translation = entry.msgstr_plural or entry.msgstr
            if key not in seen:
                seen[key] = (translation, part.name)
                catalogue.append(entry)
            elif seen[key][0] != translation:
                clashes.append(f"{entry.msgid!r}: {seen[key][1]} says {seen[key][0]!r}, {part.name} {translation!r}")
    if clashes:
        raise CatalogueError("\n".join(clashes))
    return catalogue


def compile_catalogue(*, force: bool = False) -> bool:
    """Write the compiled catalogue when a part is newer than it; True when it was written."""
    newest = max((part.stat().st_mtime for part in parts()), default=0.0)
    if not force and COMPILED.exists() and COMPILED.stat().st_mtime >= newest:
        return False
    COMPILED.parent.mkdir(parents=True, exist_ok=True)
    fresh = COMPILED.with_name(f"{COMPILED.name}.{os.getpid()}")
    merged().save_as_mofile(str(fresh))
    fresh.replace(COMPILED)
    return True


def python_messages(path: Path) -> Iterator[Message]:
    """The literal strings that a Python file hands to gettext."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
        if name not in CALLS:
            continue
        context, singular, _plural = (_literal(node.args, place) for place in CALLS[name])
        if singular:
            yield context, singular


def _literal(arguments: list[ast.expr], place: int | None) -> str | None:
    if place is None or place >= len(arguments):
        return None
    value = arguments[place]
    return value.value if isinstance(value, ast.Constant) and isinstance(value.value, str) else None


def template_messages(path: Path) -> Iterator[Message]:
    """The literal strings that a template translates."""
    from django.template import engines
    from django.templatetags.i18n import BlockTranslateNode, TranslateNode
    from django.utils.translation import trim_whitespace

    source = path.read_text(encoding="utf-8")
    for quoted in re.findall(r"""[\s=:|,]_\(("[^"]*"|'[^']*')\)""", source):
        yield None, quoted[1:-1]
    template: Any = engines["django"].from_string(source)
    nodes = template.template.nodelist
    for node in nodes.get_nodes_by_type(TranslateNode):
        literal = getattr(node.filter_expression.var, "literal", node.filter_expression.var)
        if isinstance(literal, str):
            context = node.message_context.var if node.message_context else None
            yield context, literal
    for node in nodes.get_nodes_by_type(BlockTranslateNode):
        message, _variables = node.render_token_list(node.singular)
        context = node.message_context.var if node.message_context else None
        yield context, trim_whitespace(message) if node.trimmed else message


def used() -> dict[Message, str]:
    """Every translatable string of the product, with the file that uses it first."""
    found: dict[Message, str] = {}
    for floor in FLOORS:
        for path in sorted((ROOT / floor).rglob("*.py")):
            if path == Path(__file__).resolve():
                continue
            for message in python_messages(path):
                found.setdefault(message, str(path.relative_to(ROOT)))
    for path in sorted((ROOT / "templates").rglob("*.*")):
        if path.suffix in {".html", ".txt"}:
            for message in template_messages(path):
                found.setdefault(message, str(path.relative_to(ROOT)))
    return found


def equal_on_purpose() -> set[str]:
    """Strings that are the same in both languages (names, codes), one a line."""
    allowed = FRENCH / "equal.txt"
    return set(allowed.read_text(encoding="utf-8").splitlines()) if allowed.exists() else set()


def problems() -> list[str]:
    """What is wrong with the catalogue, one sentence each; nothing when it is complete and well set."""
    try:
        catalogue = {(entry.msgctxt, entry.msgid): entry for entry in merged()}
    except CatalogueError as error:
        return str(error).splitlines()
    wanted, allowed, found = used(), equal_on_purpose(), []
    for message, place in wanted.items():
        if message not in catalogue:
            found.append(f"untranslated: {message[1]!r} ({place})")
    for message, entry in catalogue.items():
        for text in [*entry.msgstr_plural.values()] or [entry.msgstr]:
            found += _wrong(entry.msgid, text, allowed, f"{entry.msgid} {entry.msgid_plural}")
        if entry.fuzzy:
            found.append(f"fuzzy: {entry.msgid!r}")
        if message not in wanted:
            found.append(f"unused: {entry.msgid!r}")
    return found


def _wrong(source: str, french: str, allowed: set[str], placeholders: str) -> Iterator[str]:
    """`placeholders` is a text with all that the translation may fill in: the plural's too, where there is one."""
    if not french.strip():
        yield f"empty: {source!r}"
    elif french == source and source not in allowed and re.search(r"[^\W\d_]", NOT_PROSE.sub("", source)):
        yield f"equal to its source: {source!r} (locale/fr/equal.txt lists those that are meant)"
    if set(PLACEHOLDER.findall(french)) - set(PLACEHOLDER.findall(placeholders)):
        yield f"unknown placeholder: {source!r} → {french!r}"
    if ill := ILL_SET.search(NOT_PROSE.sub("", french)):
        yield f"ill-set at {ill.group()!r}: {french!r}"


def main() -> int:
    """Compile; with `--check`, print every problem and exit 1 when there is one."""
    try:
        compile_catalogue()
    except CatalogueError as error:
        print(error, file=sys.stderr)
        return 1
    if "--check" not in sys.argv[1:]:
        return 0
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    found = problems()
    print(*found, sep="\n", end="\n" if found else "")
    print(f"{len(found)} problems in the French catalogue.")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
