"""Paths below `/api/` at which nothing answers: a program called them, so it gets JSON and no page."""

from django.http import JsonResponse
from django.urls import re_path
from django.views.decorators.csrf import csrf_exempt


@csrf_exempt
def answer_nowhere(request):
    """404, whatever the method."""
    return JsonResponse({"error": "Not found"}, status=404)


urlpatterns = [re_path(r"^api/", answer_nowhere)]
