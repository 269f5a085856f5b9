"""The pages of SMS, within the dashboard's namespace."""

from django.urls import path

from panel.dashboard.views import sms_books, sms_patterns, sms_reports, sms_sends, sms_writing

urlpatterns = [
    path("", sms_writing.write, name="sms_write"),
    path("send/", sms_writing.send, name="sms_send"),
    path("preview/", sms_writing.preview, name="sms_preview"),
    path("text/", sms_writing.show_text, name="sms_text"),
    path("sends/", sms_sends.list_sends, name="sms_sends"),
    path("sends/<int:send_id>/", sms_sends.show_send, name="sms_send_page"),
    path("sends/<int:send_id>/stop/", sms_sends.stop, name="sms_stop"),
    path("reports/", sms_reports.show_reports, name="sms_reports"),
    path("phonebooks/", sms_books.list_books, name="sms_books"),
    path("phonebooks/<int:book_id>/", sms_books.show_book, name="sms_book"),
    path("phonebooks/<int:book_id>/rename/", sms_books.rename, name="sms_book_rename"),
    path("phonebooks/<int:book_id>/delete/", sms_books.delete, name="sms_book_delete"),
    path("phonebooks/<int:book_id>/add/", sms_books.add, name="sms_book_add"),
    path("phonebooks/<int:book_id>/remove/", sms_books.remove, name="sms_book_remove"),
    path("phonebooks/<int:book_id>/import/", sms_books.import_numbers, name="sms_book_import_file"),
    path("phonebooks/<int:book_id>/imports/<int:import_id>/", sms_books.show_import, name="sms_book_import"),
    path("patterns/", sms_patterns.list_patterns, name="sms_patterns"),
    path("patterns/<int:pattern_id>/delete/", sms_patterns.delete, name="sms_pattern_delete"),
]
