from django.apps import AppConfig


class DashboardConfig(AppConfig):
    name = "panel.dashboard"
    label = "dashboard"

    def ready(self):
        # Models are ready only now.
        from panel.dashboard import acting
        from panel.dashboard.order_export import EXPORT
        from panel.jobs.kinds import add_job_kind
        from panel.staff.rules import allow_while_acting

        add_job_kind(EXPORT)
        seen = [f"dashboard:{name}" for name in acting.SEEN]
        used = [f"dashboard:{name}" for name in acting.USED]
        allow_while_acting(see=(*seen, *acting.OTHERS_SEEN), use=(*used, *acting.OTHERS_USED))
