"""`manage.py rotate_field_keys`: put every encrypted field under the newest of FIELD_KEYS."""

from django.core.management.base import BaseCommand, CommandError

from panel.lib.key_rotation import count_field_keys, list_encrypted_fields, rotate_field_keys


class Command(BaseCommand):
    """Rotate, or only look; beside running processes, and as often as one likes."""

    help = "Encrypt every encrypted field with the newest key; exit 1 while something needs an older one."

    def add_arguments(self, parser):
        parser.add_argument("--check", action="store_true", help="change nothing, only say what is left")

    def handle(self, *, check, **options):
        """Print a table of the fields. Raises CommandError (exit 1) while a value is not under the newest key."""
        look = count_field_keys if check else rotate_field_keys
        self.stdout.write(f"{'field':<34} {'newest':>9} {'rotated':>9} {'old':>9} {'unreadable':>11}")
        counts = []
        for field in list_encrypted_fields():
            count = look(field)
            counts.append(count)
            self.stdout.write(
                f"{count.field:<34} {count.newest:>9} {count.rotated:>9} {count.old:>9} {count.unreadable:>11}"
            )
        left = sum(count.old + count.unreadable for count in counts)
        if left:
            raise CommandError(f"{left} values are not under the newest key: keep the older ones")
        self.stdout.write(self.style.SUCCESS("everything is under the newest key: older ones can be dropped"))
