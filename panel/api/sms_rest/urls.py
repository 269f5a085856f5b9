"""Where the SMS gateway's contract answers."""

from django.urls import path, re_path

from panel.api.sms_rest import account, phonebooks, reports, sending
from panel.api.sms_rest.base import NowhereView

PREFIX = "api/v1/rest/"
ROUTES = {
    "my/credit": account.CreditView,
    "my": account.ProfileView,
    "user/register": account.RegisterView,
    "sms/send": sending.SendView,
    "sms/future-send": sending.FutureSendView,
    "sms/pattern-send": sending.PatternSendView,
    "sms/phonebook-send": sending.PhonebookSendView,
    "sms/multiple-send": sending.MultipleSendView,
    "sms/latest": reports.LatestView,
    "sms/status": reports.StatusView,
    "my/phonebook": phonebooks.BooksView,
    "my/phonebook/<path:name>": phonebooks.BooksView,  # a name may have strokes in it
    "phonebook": phonebooks.MakeBookView,
    "phonebook/<str:book_id>": phonebooks.BookView,
    "phonebook/<str:book_id>/number": phonebooks.NumbersView,
}

urlpatterns = [
    # Each with and without a trailing slash: a redirect would lose a POST.
    *(
        path(f"{PREFIX}{route}{slash}", view.as_view())
        for route, view in ROUTES.items()
        for slash in ("/", "")
    ),
    re_path(r"^api/v1/rest(?:/|$)", NowhereView.as_view()),  # whatever follows, line breaks too
]
