"""Pages below `assets/`."""

from reperform.web.assets import asset, flows, importing, overview

urlpatterns = [
    *overview.urlpatterns,
    *importing.urlpatterns,
    *flows.urlpatterns,
    *asset.urlpatterns,
]
