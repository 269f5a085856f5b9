from django.apps import AppConfig
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class StaffConfig(AppConfig):
    name = "panel.staff"
    label = "staff"
    verbose_name = _("staff")

    def ready(self):
        from panel.admin_site.auditing import staff_acted
        from panel.staff import receivers, roles
        from panel.staff.personal import add_parts

        add_parts()
        staff_acted.connect(receivers.write_action, dispatch_uid="staff.write_action")
        user_logged_in.connect(receivers.note_login, dispatch_uid="staff.note_login")
        user_logged_out.connect(receivers.note_logout, dispatch_uid="staff.note_logout")
        user_login_failed.connect(receivers.note_failed_login, dispatch_uid="staff.note_failed_login")
        post_migrate.connect(roles.keep_roles_right, dispatch_uid="staff.keep_roles_right")
