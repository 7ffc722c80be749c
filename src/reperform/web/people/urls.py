"""Pages of the register of people."""

from reperform.web.people import (
    chart,
    checklists,
    events,
    importing,
    lists,
    records,
    register,
    steps,
)

urlpatterns = [
    *register.urlpatterns,
    *events.urlpatterns,
    *steps.urlpatterns,
    *checklists.urlpatterns,
    *records.urlpatterns,
    *lists.urlpatterns,
    *importing.urlpatterns,
    *chart.urlpatterns,
]
