"""URLs of offers, orders and receipts."""

from django.urls import include, path

from suppliers.views import (
    agreements,
    datasheets,
    manufacturer_parts,
    offers,
    orders,
    purchases,
    quote_link,
    quotes,
    receipts,
    reviews,
    rfqs,
    source_forms,
    supplier_forms,
    takeover_edit,
    takeovers,
)

urlpatterns = [
    path("", include(offers.urlpatterns)),
    path("", include(rfqs.urlpatterns)),
    path("", include(quotes.urlpatterns)),
    path("", include(quote_link.urlpatterns)),
    path("", include(agreements.urlpatterns)),
    path("manufacturer-parts/", include(manufacturer_parts.urlpatterns)),
    path("manufacturer-parts/<uuid:id>/datasheets/", include(datasheets.urlpatterns)),
    path("orders/", include(orders.urlpatterns)),
    path("", include(purchases.urlpatterns)),
    path("parts/<str:ipn>/sources/", include(source_forms.urlpatterns)),
    path("receipts/", include(receipts.urlpatterns)),
    path("suppliers/", include(supplier_forms.urlpatterns)),
    path("takeovers/", takeovers.TakeoverList.as_view(), name="takeover_list"),
    path("takeovers/new/", takeover_edit.TakeoverCreate.as_view(), name="takeover_create"),
    path("takeovers/<uuid:batch>/", takeovers.TakeoverPage.as_view(), name="takeover_detail"),
    path(
        "takeovers/<uuid:batch>/edit/", takeover_edit.TakeoverEdit.as_view(), name="takeover_edit"
    ),
    path(
        "takeovers/<uuid:batch>/moves/<slug:move>/",
        takeovers.TakeoverMove.as_view(),
        name="takeover_move",
    ),
    path("to-review/", include(reviews.urlpatterns)),
]
