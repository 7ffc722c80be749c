"""Addresses below `/o/<organization>/policies/`."""

from django.urls import path

from reperform.web.policies import acceptances, importing, listing, making, steps, story, writing

urlpatterns = [
    path("", listing.overview, name="policies"),
    path("new/", making.new, name="policy_new"),
    *importing.urlpatterns,
    path("files/policies.<str:kind>", listing.output, name="policies_output"),
    path("<slug:policy>/", story.policy, name="policy"),
    path("<slug:policy>/edit/", steps.edit, name="policy_edit"),
    path("<slug:policy>/write/", writing.write, name="policy_write"),
    path("<slug:policy>/fill/", writing.fill, name="policy_fill"),
    path("<slug:policy>/submit/", steps.submit, name="policy_submit"),
    path("<slug:policy>/decide/", steps.decide, name="policy_decide"),
    path("<slug:policy>/review/", steps.review, name="policy_review"),
    path("<slug:policy>/retire/", steps.retire, name="policy_retire"),
    path("<slug:policy>/versions/<int:number>/", writing.version, name="policy_version"),
    path(
        "<slug:policy>/versions/<int:number>/policy.<str:kind>",
        writing.output,
        name="policy_version_output",
    ),
    path("<slug:policy>/acceptances/", acceptances.acceptances, name="policy_acceptances"),
    path(
        "<slug:policy>/acceptances/acceptances.<str:kind>",
        acceptances.output,
        name="policy_acceptances_output",
    ),
]
