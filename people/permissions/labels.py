"""What the roles of the permission page are called, for a reader."""

from django.utils.translation import gettext_lazy as _

from people.models import Role

ROLE_LABELS = {
    "public": _("Anyone"),
    "signed_in": _("Anyone signed in"),
    "applicant_editor": _("Editor of the applicant organisation"),
    "applicant_signatory": _("Signatory of the organisation"),
    **{role.value: role.label for role in Role},
}
