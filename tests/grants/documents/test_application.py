"""The whole application on paper: every answer and amount, as far as the reader may read it."""

import json
import sys
from decimal import Decimal

import pytest
from django.utils import translation

from grants import documents
from grants.actions import drafting, submission
from grants.lifecycle import State
from grants.queries import parts as reading
from programmes.rules.reference import reference_form
from tests import pdf
from tests.world import fresh
from tests.world import pdf as paper

pytestmark = pytest.mark.django_db

HOSTILE = '#read("/etc/passwd") {{7*7}} #{7*7} *bold* $x$ \\u{41} <b>no</b>'


def printed(dossier, readable=reading.CONTENT):
    return documents.application(dossier, readable, dossier.snapshots.order_by("-number").first())


def test_every_answer_amount_partner_and_document_is_printed(world):
    draft = world.draft()
    partner = world.town("Lower Town")
    drafting.invite_partner(
        dossier=draft, organisation=partner.organisation, part="Lends its room", by=world.editor(draft)
    )
    drafting.confirm_partner(partner=draft.partners.get(), accepted=True, by=partner.signatory)
    submission.submit(dossier=fresh(draft), by=world.signatory(draft))
    dossier = fresh(draft)
    content = json.loads(dossier.snapshots.get().content)
    document = printed(dossier)
    said = pdf.said(document)
    for section in reference_form():
        for question in section.fields:
            assert said.count(str(question.label)) >= 1
    assert said.count("A plain answer.") == sum(
        answer == "A plain answer." for given in content["answers"].values() for answer in given.values()
    )
    for sentence in (
        f"Number {dossier.reference} Call Call Filing 1 Received on 1 March 2027 at 10:00 (Paris time, UTC+1)",
        f"Digest (SHA-256) {dossier.snapshots.get().digest}",
        f"Organisation {dossier.applicant} Kind of organisation Commune Identifier {dossier.applicant.siret}",
        "Start of the project 1 September 2027 End of the project 30 June 2028",
        "Organisation Part in the project Answer Lower Town Lends its room Confirmed",
        "Item Supplier Cost (€) Eligible (€) Site Web SARL 36,209.96 36,209.96 Total 36,209.96 36,209.96",
        "Grant asked from the programme 18,104.00 Own contribution 18,105.96 Total 36,209.96",
        f"Deliberation page.pdf {content['documents'][0]['sha256']} 1 kB",
    ):
        assert said.count(sentence) == 1, sentence
    found = pdf.tags(document)
    assert (found["H1"], found["Table"], found["THead"]) == (1, 4, 4)


def test_what_the_reader_may_not_read_is_left_out_and_said_to_be(world):
    dossier = world.dossier(State.SUBMITTED)
    whole, part = pdf.said(printed(dossier)), pdf.said(printed(dossier, frozenset({reading.PLAN, reading.DOCUMENTS})))
    assert (whole.count("A plain answer."), part.count("A plain answer.")) == (14, 0)
    assert (whole.count("This copy is made for"), part.count("may not read: the answers, the partners.")) == (0, 1)
    assert part.count("Total 36,209.96 36,209.96") == 1
    nothing = pdf.said(printed(dossier, frozenset()))
    assert (nothing.count("36,209.96"), nothing.count("page.pdf"), nothing.count("A plain answer.")) == (0, 0, 0)


def test_a_bank_identity_document_is_never_named(world):
    draft = world.draft()
    drafting.attach_document(
        dossier=draft, upload=paper("Account"), kind="bank_identity", label="Our account", by=world.editor(draft)
    )
    submission.submit(dossier=fresh(draft), by=world.signatory(draft))
    said = pdf.said(printed(fresh(draft), frozenset({*reading.CONTENT, reading.BANK})))
    assert (said.count("Our account"), said.count("Bank identity document")) == (0, 0)


def test_a_draft_says_that_it_is_one(world):
    draft = world.draft()
    said = pdf.said(documents.application(draft, reading.CONTENT))
    assert said.count("Draft: this application is not filed, and can still change.") == 1
    assert (said.count("Received on"), said.count("Digest (SHA-256)")) == (0, 0)


def test_equal_content_gives_identical_bytes_and_each_language_its_own(world):
    dossier = world.dossier(State.SUBMITTED)
    assert printed(dossier) == printed(fresh(dossier))
    with translation.override("fr"):
        said = pdf.said(printed(dossier))
    assert said.count("Début du projet 1er septembre 2027") == 1
    assert said.count("36 209,96 36 209,96") == 2


def test_a_filing_is_printed_as_it_was_sealed(world):
    dossier = world.dossier(State.SUBMITTED)
    first = printed(dossier)
    world.send_back(dossier)
    drafting.edit_section(
        dossier=fresh(dossier),
        section="project",
        answers={"object": "Changed since."},
        version=fresh(dossier).version,
        by=world.editor(dossier),
    )
    assert printed(fresh(dossier)) == first


def test_a_broken_seal_is_said(world):
    dossier = world.dossier(State.SUBMITTED)
    snapshot = dossier.snapshots.get()
    snapshot.content = snapshot.content.replace("Digital welcome", "Digital warmth")
    said = pdf.said(documents.application(dossier, reading.CONTENT, snapshot))
    assert said.count("no longer has the digest under which it was sealed") == 1


def test_hostile_text_is_printed_as_it_stands(world):
    draft = world.draft()
    answers = {**draft.answers["project"], "need": HOSTILE, "services": "😀 中 \u202e " + "x" * 300}
    draft = drafting.edit_section(
        dossier=draft, section="project", answers=answers, version=draft.version, by=world.editor(draft)
    )
    said = pdf.said(documents.application(draft, reading.CONTENT))
    assert said.count(HOSTILE) == 1
    assert said.count("😀 [U+4E2D] [U+202E]") == 1
    assert said.replace(" ", "").count("x" * 300) == 1
    assert said.count("written by its number in Unicode") == 1


def test_a_plan_of_five_hundred_lines_keeps_its_header_on_every_page_and_loses_no_line(world, monkeypatch):
    monkeypatch.setattr(drafting, "MOST_ROWS", 500)
    draft = world.draft()
    lines = [
        {"post": f"Post {n:03} " + "w" * 60, "supplier": f"Firm {n}", "cost": Decimal(n), "eligible": Decimal(n)}
        for n in range(1, 501)
    ]
    draft = drafting.set_plan(
        dossier=draft,
        cost_lines=lines,
        resources=[{"kind": "own", "label": "", "amount": Decimal("125000")}],
        version=draft.version,
        by=world.editor(draft),
    )
    content = documents.application(draft, reading.CONTENT)
    said = pdf.said(content)
    assert [said.count(f"Post {n:03} ") for n in range(1, 501)] == [1] * 500
    assert said.count("Total 125,250.00 125,250.00") == 1
    assert said.count("Costs less resources: €250.00") == 1
    pages = [page.extract_text() for page in pdf.read(content).pages]
    with_lines = [text for text in pages if "Post " in text]
    assert len(with_lines) > 10
    assert all("Cost (€)" in text for text in with_lines)
    assert said.count(f"of {len(pages)}") == len(pages)


def test_an_answer_that_is_a_table_is_printed_as_one(world, monkeypatch):
    table = {
        "label": "Staff",
        "columns": ["Post", "Hours"],
        "rows": [["Mediator", "12"], ["w" * 80, "7"]],
        "numbers": [1],
    }
    empty = {"label": "Rooms", "columns": ["Room"], "rows": [], "numbers": []}
    sections = [{"title": "Means", "asked": [table, empty, {"label": "Why", "text": ""}]}]
    monkeypatch.setattr(sys.modules[documents.application.__module__], "answered", lambda dossier, content: sections)
    content = documents.application(world.draft(), frozenset({reading.ANSWERS}))
    said = pdf.said(content)
    assert said.count("Staff Post Hours Mediator 12 ") == 1
    assert said.replace(" ", "").count("w" * 80 + "7") == 1
    assert said.count("Rooms No answer Why No answer") == 1
    assert (pdf.tags(content)["Table"], pdf.tags(content)["TH"]) == (1, 2)
