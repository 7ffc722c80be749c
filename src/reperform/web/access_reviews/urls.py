"""Pages below `access-reviews/`."""

from reperform.web.access_reviews import deciding, listing, overview, review

urlpatterns = [
    *overview.urlpatterns,
    *listing.urlpatterns,
    *review.urlpatterns,
    *deciding.urlpatterns,
]
