"""Addresses below `risks/`."""

from django.urls import path

from reperform.web.risks import files, pictures
from reperform.web.risks.register import new, risks
from reperform.web.risks.risk import assess, edit, risk
from reperform.web.risks.scales import scales

urlpatterns = [
    path("", risks, name="risks"),
    path("new/", new, name="risk_new"),
    path("scales/", scales, name="risk_scales"),
    *pictures.urlpatterns,
    *files.urlpatterns,
    path("<int:number>/", risk, name="risk"),
    path("<int:number>/edit/", edit, name="risk_edit"),
    path("<int:number>/assess/", assess, name="risk_assess"),
]
