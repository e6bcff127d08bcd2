"""Root addresses: wiring only."""

from django.conf.urls.i18n import i18n_patterns
from django.urls import include, path

from web.urls import unprefixed

urlpatterns = [*unprefixed, *i18n_patterns(path("", include("web.urls")))]
