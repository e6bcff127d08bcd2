"""Pages of the site itself: accessibility, legal notice, personal data, licence, one's account, the root."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import translate_url
from django.utils.translation import get_language_from_request, override
from django.utils.translation import gettext as _t

from people.actions import accounts
from web.account_forms import AccountForm
from web.pages import act, page, sign_in_first


@page("account.use", methods=["GET"])
def root(request: HttpRequest) -> HttpResponse:
    """`/` leads to the person's own language, else the browser's."""
    person = request.user
    language = person.language if person.is_authenticated else get_language_from_request(request)
    known = {code for code, _name in settings.LANGUAGES}
    response = HttpResponseRedirect(f"/{language if language in known else settings.LANGUAGE_CODE}/")
    response["Vary"] = "Accept-Language, Cookie"
    return response


@page("account.use")
def account(request: HttpRequest) -> HttpResponse:
    """Who one is here: name and language, and the ways to another address or password."""
    person = request.user
    if not person.is_authenticated:
        return sign_in_first(request)
    form = AccountForm(request.POST or None, initial={"full_name": person.full_name, "language": person.language})
    if form.is_valid() and act(request, form, accounts.edit_account, person=person, **form.cleaned_data):
        with override(form.cleaned_data["language"]):
            messages.success(request, _t("Your account was changed."))
        return HttpResponseRedirect(translate_url(request.path, form.cleaned_data["language"]))
    return render(request, "account/account.html", {"form": form})


@page("account.use", methods=["GET"])
def accessibility(request: HttpRequest) -> HttpResponse:
    """The accessibility statement, with its mandatory content (decree 2019-768, article 5)."""
    return render(request, "site/accessibility.html", {"site_url": settings.SITE_URL})


@page("account.use", methods=["GET"])
def legal(request: HttpRequest) -> HttpResponse:
    """Who publishes the site."""
    return render(request, "site/legal.html", {"site_url": settings.SITE_URL})


@page("account.use", methods=["GET"])
def privacy(request: HttpRequest) -> HttpResponse:
    """What is kept about people, why, and for how long."""
    return render(request, "site/privacy.html")


@page("account.use", methods=["GET"])
def licence(request: HttpRequest) -> HttpResponse:
    """The licence of the product and of what it stands on."""
    return render(request, "site/licence.html")
