"""Pages that exist only to test the frame, beside the product's own addresses."""

from django.conf.urls.i18n import i18n_patterns
from django.contrib.messages import get_messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import include, path

from kit.errors import Busy, Refused, Unmet
from people.models import Person
from web.forms import CleanCharField, EscalierForm
from web.pages import act, get_visible, page, signed_in_again
from web.urls import unprefixed


class NameForm(EscalierForm):
    name = CleanCharField(label="Name of the project", max_length=20)


done: list[str] = []


def rename(*, name: str, by: Person) -> list[str]:
    """An action of the floors below, as far as a page can see; it answers nothing that is true."""
    if name == "unmet":
        raise Unmet(["The mandate is missing.", "The budget does not balance."])
    if name == "refused":
        raise Refused("This name is taken.", field="name")
    if name == "elsewhere":
        raise Refused("Not this one.", field="another")
    if name == "busy":
        raise Busy
    done.append(f"{by.email}: {name}")
    return []


@page("home.view")
def named(request):
    form = NameForm(request.POST or None)
    if form.is_valid() and act(request, form, rename, name=form.cleaned_data["name"]):
        return redirect("named")
    return render(request, "account/password_change.html", {"form": form})


@page("report.view")
def report(request):
    return HttpResponse("figures")


@page("call.view", methods=["GET"])
def public(request):
    return HttpResponse("call")


@page("home.view")
def person(request, reference):
    return HttpResponse(get_visible(Person, request.user, pk=reference).email)


@page("home.view")
@signed_in_again(300)
def pay(request):
    if request.method == "POST":
        done.append("paid")
        return redirect("named")
    return HttpResponse(", ".join(str(message) for message in get_messages(request)))


urlpatterns = [
    *unprefixed,
    *i18n_patterns(
        path("named", named, name="named"),
        path("report", report),
        path("public", public),
        path("person/<reference>", person),
        path("pay", pay),
        path("", include("web.urls")),
    ),
]
