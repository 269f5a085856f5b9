"""What of staff's own tables is about a customer. The log keeps who did what to whom, and no words."""

from panel.lib.personal import Personal, add_personal

PARTS = (
    Personal(
        "staff.StaffAction",
        owners=("customer", "acting_as"),
        wiped={"object_text": "", "changes": {}, "words": "", "reason": ""},
        kept=("staff_name", "object_type", "object_id", "path", "address"),  # of the member of staff
    ),
    Personal("staff.Acting", owners=("customer",), wiped={"reason": ""}),
    Personal("staff.CustomerNote", owners=("customer",), deleted=True),
)


def add_parts():
    """Called once, when the application is ready."""
    add_personal(*PARTS)
