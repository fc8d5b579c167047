"""URLs of SOPs."""

from __future__ import annotations

from django.urls import path

from qualification.views import sops as views

urlpatterns = [
    path("sops/", views.SopList.as_view(), name="sop_list"),
    path("sops/new/", views.SopDraft.as_view(), name="sop_create"),
    path("sops/<uuid:sop>/", views.SopPage.as_view(), name="sop_detail"),
    path("sops/<uuid:sop>/moves/<slug:move>/", views.SopMovePage.as_view(), name="sop_move"),
    path("sops/<uuid:sop>/steps/new/", views.NewSopItemPage.as_view(), name="sop_item_create"),
    path("sops/<uuid:sop>/steps/<uuid:step>/", views.SopItemPage.as_view(), name="sop_item"),
    path(
        "sops/<uuid:sop>/steps/<uuid:step>/remove/",
        views.RemoveSopItem.as_view(),
        name="sop_item_remove",
    ),
]
