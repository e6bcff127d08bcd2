"""A form sent twice is done once."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.template import Context, Template

from records.models import OneTimeKey
from web.onetime import body_digest

pytestmark = pytest.mark.django_db


def test_the_second_answer_is_the_first_and_nothing_is_done_twice(signed_in, frame):
    answers = [signed_in.post("/fr/named", {"name": "Portail", "one_time_key": "k1"})["Location"] for _ in range(3)]
    assert answers == ["/fr/named"] * 3
    assert frame == ["anne@example.org: Portail"]


def test_the_same_key_with_other_answers_is_refused(signed_in, frame):
    signed_in.post("/fr/named", {"name": "Portail", "one_time_key": "k1"})
    response = signed_in.post("/fr/named", {"name": "Extranet", "one_time_key": "k1"})
    assert (response.status_code, frame) == (409, ["anne@example.org: Portail"])


def test_the_same_key_on_another_page_is_refused(signed_in, frame):
    signed_in.post("/fr/named", {"name": "Portail", "one_time_key": "k1"})
    assert signed_in.post("/en/named", {"name": "Portail", "one_time_key": "k1"}).status_code == 409


def test_a_form_that_came_back_with_errors_may_be_sent_again(signed_in, frame):
    assert signed_in.post("/fr/named", {"name": "refused", "one_time_key": "k1"}).status_code == 200
    assert OneTimeKey.objects.count() == 0
    assert signed_in.post("/fr/named", {"name": "Portail", "one_time_key": "k1"}).status_code == 302
    assert frame == ["anne@example.org: Portail"]


def test_a_key_is_not_used_up_by_the_detour_of_the_password(signed_in, frame):
    sent = signed_in.post("/fr/pay", {"order": "7", "one_time_key": "k1"})
    assert OneTimeKey.objects.count() == 0
    signed_in.post(sent["Location"], {"password": "correct-horse-battery-42", "next": "/fr/pay"})
    assert frame == ["paid"]


def test_each_form_has_a_key_of_its_own():
    template = Template("{% load escalier %}{% one_time_key %}")
    first, second = (template.render(Context()) for _ in range(2))
    assert first.startswith('<input type="hidden" name="one_time_key" value="')
    assert first != second


def test_the_digest_reads_files_and_leaves_them_readable(rf):
    def request(content, name="a.pdf"):
        return rf.post("/x", {"title": "t", "one_time_key": "any", "paper": SimpleUploadedFile(name, content)})

    asked = request(b"one")
    assert body_digest(asked) == body_digest(request(b"one"))
    assert body_digest(asked) != body_digest(request(b"two"))
    assert body_digest(asked) != body_digest(request(b"one", "b.pdf"))
    assert asked.FILES["paper"].read() == b"one"
