"""URLs of negotiations and splits."""

from django.urls import path, register_converter

from incentives.negotiation_key import NegotiationKeyConverter
from incentives.views import brief, negotiation_forms, negotiations, splits

register_converter(NegotiationKeyConverter, "negotiation")

urlpatterns = [
    path("negotiations/", negotiations.NegotiationList.as_view(), name="negotiation_list"),
    path(
        "negotiations/new/",
        negotiation_forms.NegotiationCreate.as_view(),
        name="negotiation_create",
    ),
    path(
        "negotiations/<negotiation:number>/",
        negotiations.NegotiationPage.as_view(),
        name="negotiation_detail",
    ),
    path(
        "negotiations/<negotiation:number>/edit/",
        negotiation_forms.NegotiationEdit.as_view(),
        name="negotiation_edit",
    ),
    path(
        "negotiations/<negotiation:number>/rounds/new/",
        negotiation_forms.RoundCreate.as_view(),
        name="negotiation_round_create",
    ),
    path(
        "negotiations/<negotiation:number>/rounds/<uuid:round>/",
        negotiation_forms.RoundEdit.as_view(),
        name="negotiation_round",
    ),
    path(
        "negotiations/<negotiation:number>/quotes/",
        negotiation_forms.QuoteImport.as_view(),
        name="negotiation_quotes",
    ),
    path(
        "negotiations/<negotiation:number>/brief/",
        brief.BriefPage.as_view(),
        name="negotiation_brief",
    ),
    path(
        "negotiations/<negotiation:number>/award/",
        negotiation_forms.AwardPage.as_view(),
        name="negotiation_award",
    ),
    path(
        "negotiations/<negotiation:number>/abandon/",
        negotiation_forms.AbandonPage.as_view(),
        name="negotiation_abandon",
    ),
    path("parts/<str:ipn>/split/", splits.SplitPage.as_view(), name="part_split"),
    path("splits/", splits.SplitList.as_view(), name="split_list"),
    path("splits/<uuid:split>/", splits.SplitDetail.as_view(), name="split_detail"),
    path("splits/<uuid:split>/accept/", splits.AcceptPage.as_view(), name="split_accept"),
    path("splits/<uuid:split>/withdraw/", splits.WithdrawPage.as_view(), name="split_withdraw"),
    path("splits/<uuid:split>/decline/", splits.DeclinePage.as_view(), name="split_decline"),
]
