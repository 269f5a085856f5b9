"""What the customer wants to be told of, and how."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from panel.accounts.news import list_choices, save_choices
from panel.dashboard.access import customer_required


@require_http_methods(["GET", "HEAD", "POST"])
@customer_required
def choose_news(request):
    """The kinds of news with a tick for each channel (GET), and keeping what was ticked (POST)."""
    if request.method == "POST":
        save_choices(request.user, panel=request.POST.getlist("panel"), sms=request.POST.getlist("sms"))
        messages.success(request, gettext("Your choices are saved."))
        return redirect("dashboard:news_choices")
    choices = list_choices(request.user)
    context = {
        "groups": [
            (words, rows)
            for words, rows in (
                (gettext("Your orders, wallet and tickets"), [one for one in choices if not one.kind.staff]),
                (gettext("The work of staff"), [one for one in choices if one.kind.staff]),
            )
            if rows
        ]
    }
    return render(request, "dashboard/news_choices.html", context)
