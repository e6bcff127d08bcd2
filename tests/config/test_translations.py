"""The catalogue is merged from its parts and compiled without gettext."""

import gettext

import pytest

from config import translations


@pytest.fixture
def french(tmp_path, monkeypatch):
    (tmp_path / "parts").mkdir()
    monkeypatch.setattr(translations, "FRENCH", tmp_path)
    monkeypatch.setattr(translations, "COMPILED", tmp_path / "LC_MESSAGES" / "django.mo")
    return tmp_path


def write(french, name: str, *pairs: tuple[str, str]) -> None:
    text = "\n\n".join(f'msgid "{source}"\nmsgstr "{target}"' for source, target in pairs)
    (french / "parts" / name).write_text(text, encoding="utf-8")


def test_parts_are_merged_and_compiled_once(french):
    write(french, "a.po", ("One", "Un"), ("Both", "Les deux"))
    write(french, "b.po", ("Two", "Deux"), ("Both", "Les deux"))
    assert translations.compile_catalogue() is True
    assert translations.compile_catalogue() is False
    with translations.COMPILED.open("rb") as file:
        catalogue = gettext.GNUTranslations(file)
    assert [catalogue.gettext(source) for source in ("One", "Two", "Both")] == ["Un", "Deux", "Les deux"]


def test_two_parts_that_disagree_are_named(french):
    write(french, "a.po", ("Grant", "Subvention"))
    write(french, "b.po", ("Grant", "Aide"))
    with pytest.raises(translations.CatalogueError, match=r"a\.po says 'Subvention', b\.po 'Aide'"):
        translations.merged()


def test_strings_are_found_in_code_and_templates(tmp_path):
    code = tmp_path / "code.py"
    code.write_text('x = _("One"), ngettext("%d two", "%d twos", 2), pgettext("a month", "May"), other("No")')
    assert list(translations.python_messages(code)) == [(None, "One"), (None, "%d two"), ("a month", "May")]
    page = tmp_path / "page.html"
    page.write_text(
        "{% load i18n %}{% translate 'One' %}{{ _('Two') }}{% trans 'May' context 'a month' %}"
        "{% blocktranslate trimmed with n=3 %}\n  Left:\n  {{ n }} of 50%\n{% endblocktranslate %}"
    )
    assert sorted(translations.template_messages(page), key=str) == [
        ("a month", "May"),
        (None, "Left: %(n)s of 50%%"),
        (None, "One"),
        (None, "Two"),
    ]
