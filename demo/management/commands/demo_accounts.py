"""List the demo's accounts, with their roles and their password."""

from typing import Any

from django.core.management.base import BaseCommand

from demo.cast import ADMINISTRATORS, APPLICANTS, PASSWORD, STAFF
from people.models import Person, Role


class Command(BaseCommand):
    help = "List the demo's accounts and their roles."

    def handle(self, *args: Any, **options: Any) -> None:
        shown = [(address, name, str(Role.ADMINISTRATOR.label)) for address, name in ADMINISTRATORS]
        shown += [(part.address, part.name, str(part.role.label)) for part in STAFF]
        shown += [(address, name, str(role)) for address, name, role in APPLICANTS]
        known = set(Person.objects.filter(email__in=[row[0] for row in shown]).values_list("email", flat=True))
        lines = [f"  {address:28} {name:18} {role}" for address, name, role in shown if address in known]
        if not lines:
            self.stdout.write("No demo account: the demo is not loaded.")
            return
        self.stdout.write(f"Demo accounts, all with the password {PASSWORD}:")
        self.stdout.write("\n".join(lines))
