"""The field's words, for the person who never did an audit."""

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import path

from reperform.catalog.glossary import glossary as terms
from reperform.web.page import PageRequest, page


@page("overview.view")
def glossary(request: PageRequest) -> HttpResponse:
    """List every word with what it means."""
    return render(request, "web/glossary.html", {"terms": terms()})


urlpatterns = [path("", glossary, name="glossary")]
