"""Addresses of people and tokens."""

from django.urls import path

from secondsource.accounts.views import people, places, tokens

urlpatterns = [
    *places.urlpatterns,
    path("people/", people.PersonList.as_view(), name="person_list"),
    path("people/new/", people.PersonCreate.as_view(), name="person_create"),
    path("people/<uuid:person>/", people.PersonPage.as_view(), name="person_detail"),
    path("people/<uuid:person>/edit/", people.PersonEdit.as_view(), name="person_edit"),
    path("people/<uuid:person>/activate/", people.PersonActivate.as_view(), name="person_activate"),
    path(
        "people/<uuid:person>/deactivate/",
        people.PersonDeactivate.as_view(),
        name="person_deactivate",
    ),
    path("people/<uuid:person>/link/", people.PersonLink.as_view(), name="person_link"),
    path("tokens/", tokens.OwnTokenList.as_view(), name="own_token_list"),
    path("tokens/new/", tokens.OwnTokenCreate.as_view(), name="own_token_create"),
    path("tokens/all/", tokens.TokenList.as_view(), name="token_list"),
    path("tokens/all/new/", tokens.TokenCreate.as_view(), name="token_create"),
    path("tokens/<uuid:token>/revoke/", tokens.TokenRevoke.as_view(), name="token_revoke"),
]
