"""The navigation, one line an item. An item without permission or address is absent.

To add a page: put its line into a group below.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django.db.models import QuerySet
from django.urls import NoReverseMatch, reverse

from qualification.models import Case
from secondsource.accounts.rights import Role, roles_in_words
from secondsource.core.row_counts import capped_counts
from secondsource.core.views import SIGNED_IN
from secondsource.workspace.notifications import bell

#: Who takes part in approving sources, and has these pages in the navigation; others find them.
APPROVERS = frozenset({Role.ENGINEER, Role.QUALITY, Role.PROCUREMENT})
#: Who buys and pays; others find receipts and orders by Ctrl K and from a part.
BUYERS = frozenset({Role.PROCUREMENT, Role.FINANCE})
#: Whose work prices and splits are; others find them from a part and by Ctrl K.
NEGOTIATORS = frozenset({Role.PROCUREMENT, Role.FINANCE, Role.EXECUTIVE})
#: Who decides where to begin; others find the page by Ctrl K.
STARTERS = frozenset({Role.ENGINEER, Role.PROCUREMENT, Role.EXECUTIVE})
#: Above this a figure of the navigation is not exact.
MOST_COUNTED = 999


@dataclass(frozen=True)
class NavItem:
    """A page of the navigation.

    ``name``: its URL name; ``permission``: who may open it; ``roles``: whose work it is, who have
    it in the side navigation (all when empty); ``key``: G then this key; ``short``: its
    word in the bottom bar of a phone ('' keeps it in More); ``counted``: what its figure counts;
    ``badge_name``: URL name that answers the figure when it costs too much for every page.
    """

    label: str
    icon: str
    name: str
    permission: str = SIGNED_IN
    roles: frozenset[Role] = frozenset()
    key: str = ""
    short: str = ""
    url: str = ""
    current: bool = False
    counted: str = ""
    badge: str = ""
    badge_name: str = ""
    badge_url: str = ""


@dataclass(frozen=True)
class NavGroup:
    """Items under a heading ('' for none)."""

    label: str
    items: Sequence[NavItem] = field(default_factory=tuple)


GROUPS: list[NavGroup] = [
    NavGroup(
        "",
        [
            NavItem(
                "My work", "inbox", "my_work", "workspace.view_my_work", key="w", short="My work",
                badge_name="my_work_count",
            ),
            NavItem(
                "Dashboard", "layout-dashboard", "dashboard", "workspace.view_dashboard",
                key="d", short="Dashboard",
            ),
        ],
    ),
    NavGroup(
        "Sourcing",
        [
            NavItem("Parts", "cpu", "part_list", "parts.view_part", key="p", short="Parts"),
            NavItem("Products", "package", "product_list", "parts.view_product"),
            NavItem("Suppliers", "factory", "supplier_list", "suppliers.view_supplier"),
            NavItem(
                "Qualifications", "route", "case_list", "qualification.view_case",
                key="q", short="Quals", counted="open",
            ),
            NavItem("RFQs", "send", "rfq_list", "suppliers.view_rfq", roles=BUYERS),
            NavItem(
                "Negotiations", "handshake", "negotiation_list", "incentives.view_negotiation",
                roles=NEGOTIATORS,
            ),
            NavItem(
                "Start small", "circle-dot", "start_small", "qualification.view_startsmall",
                roles=STARTERS, key="s",
            ),
        ],
    ),
    NavGroup(
        "Purchasing",
        [
            NavItem("Splits", "split", "split_list", "incentives.view_split", roles=BUYERS),
            NavItem("Offers", "tag", "offer_list", "suppliers.view_offer", roles=BUYERS),
            NavItem(
                "Price agreements", "file-text", "agreement_list",
                "suppliers.view_priceagreement", roles=BUYERS,
            ),
            NavItem("Orders", "receipt", "order_list", "suppliers.view_orderline", roles=BUYERS),
            NavItem("Receipts", "truck", "receipt_list", "suppliers.view_receipt", roles=BUYERS),
        ],
    ),
    NavGroup(
        "Assurance",
        [
            NavItem("Approvals", "stamp", "approval_list", "qualification.view_case"),
            NavItem(
                "Pilot builds", "flask-conical", "pilot_list", "qualification.view_case",
                roles=APPROVERS,
            ),
            NavItem(
                "FMEA", "shield-alert", "fmea_list", "qualification.view_case", roles=APPROVERS
            ),
            NavItem("Built in", "layers", "built_in_list", "qualification.view_case"),
            NavItem(
                "Take-overs", "badge-check", "takeover_list", "suppliers.view_takeover",
                roles=APPROVERS,
            ),
            NavItem(
                "To review", "clipboard-check", "review_list", "suppliers.view_source",
                roles=APPROVERS,
            ),
        ],
    ),
    NavGroup(
        "Value",
        [
            NavItem("Savings", "piggy-bank", "saving_list", "incentives.view_saving", key="v"),
            NavItem("Incentives", "award", "incentives", "incentives.view_pool"),
            NavItem("Team targets", "target", "kpi", "incentives.view_kpi"),
        ],
    ),
    NavGroup(
        "Administration",
        [
            NavItem("People", "users", "person_list", "accounts.manage_people"),
            NavItem("Tokens", "key-round", "token_list", "accounts.manage_people"),
            NavItem("Jobs", "activity", "job_list", "accounts.manage_jobs"),
            NavItem("Follow-up tasks", "refresh-cw", "follow_up_list", "accounts.manage_jobs"),
        ],
    ),
]  # fmt: skip

#: Behind the settings cog.
SETTINGS: list[NavItem] = [
    NavItem("Imports", "upload", "import_list", "exchange.view_import"),
    NavItem("Exports", "download", "export_list"),
    NavItem("Jobs", "activity", "job_list"),
    NavItem("People", "users", "person_list", "accounts.manage_people"),
    NavItem("Plants", "factory", "plant_list", "accounts.manage_people"),
    NavItem("Product lines", "package", "product_line_list", "accounts.manage_people"),
    NavItem("Teams", "users", "team_list", "accounts.manage_people"),
    NavItem("Policies", "table-2", "policy_list", "accounts.view_policy"),
    NavItem("Lessons", "history", "lesson_list", "qualification.view_lesson"),
    NavItem("Recognition", "award", "recognition", "incentives.view_recognition"),
    NavItem("SOPs", "clipboard-check", "sop_list", "qualification.view_sop"),
    NavItem("Categories", "layers", "category_list", "parts.view_category"),
    NavItem("Exchange rates", "refresh-cw", "exchange_rate_list", "parts.view_exchangerate"),
    NavItem("Market indices", "activity", "index_list", "incentives.view_saving"),
    NavItem("Budget rates", "refresh-cw", "budget_rate_list", "incentives.view_saving"),
    NavItem("Calculators", "flask-conical", "calculator_list"),
    NavItem("Components", "palette", "styleguide"),
]

#: Behind the cog too, about the reader.
ACCOUNT: list[NavItem] = [
    NavItem("API tokens", "key-round", "own_token_list", "accounts.issue_own_token"),
    NavItem("Change password", "lock", "account_change_password"),
    NavItem("Time zone", "clock", "time_zone"),
    NavItem("Help", "circle-help", "help"),
]

#: The menu "New" of the top bar.
NEW: list[NavItem] = [
    NavItem("Import a file", "upload", "import_create", "exchange.import_data"),
    NavItem("Part", "cpu", "part_create", "parts.write_part"),
    NavItem("Product", "package", "product_create", "parts.write_product"),
    NavItem("Supplier", "factory", "supplier_create", "suppliers.write_supplier"),
    NavItem("Open a case", "route", "case_create", "qualification.open_case"),
    NavItem("RFQ", "send", "rfq_create", "suppliers.write_rfq"),
    NavItem("Offer", "tag", "offer_create", "suppliers.write_offer"),
    NavItem("Negotiation", "handshake", "negotiation_create", "incentives.write_negotiation"),
    NavItem("Price agreement", "file-text", "agreement_create", "suppliers.write_priceagreement"),
    NavItem("Order line", "receipt", "order_choose", "suppliers.write_orderline"),
    NavItem("Receipt", "truck", "receipt_choose", "suppliers.write_receipt"),
    NavItem("Take-over", "badge-check", "takeover_create", "suppliers.propose_takeover"),
    NavItem("Person", "users", "person_create", "accounts.manage_people"),
]


def landing(user: Any) -> str:
    """The URL name where a person starts: the first reachable one for the first role."""
    return start(user).name


def start(user: Any) -> NavItem:
    """The page where a person starts, with its address."""
    roles = set(user.roles)
    wanted = "dashboard"
    if {Role.ENGINEER, Role.QUALITY, Role.PROCUREMENT} & roles:
        wanted = "my_work"
    elif roles == {Role.ADMIN}:
        wanted = "person_list"
    every = [*(item for group in GROUPS for item in group.items), *SETTINGS, _KEYS]
    reachable = offered(every, user, "")
    return next((item for item in reachable if item.name == wanted), reachable[0])


#: A page that everybody has.
_KEYS = NavItem("Keyboard", "keyboard", "keys")


def offered(items: Iterable[NavItem], user: Any, path: str) -> list[NavItem]:
    """The items that have a page which the person may open, with their addresses."""
    found = []
    for item in items:
        if item.permission != SIGNED_IN and not user.has_perm(item.permission):
            continue
        try:
            url = reverse(item.name)
        except NoReverseMatch:
            continue
        found.append(
            replace(
                item, url=url, current=_is_under(path, url), badge_url=_address(item.badge_name)
            )
        )
    return found


def _address(name: str) -> str:
    try:
        return reverse(name) if name else ""
    except NoReverseMatch:
        return ""


def _nearest(items: Iterable[NavItem]) -> str:
    """The longest address of those that lead to the page: one item is current, not two."""
    return max((item.url for item in items if item.current), key=len, default="")


def _is_under(path: str, url: str) -> bool:
    return path == url or (url != "/" and path.startswith(url))


def shell_for(user: Any, path: str) -> dict[str, Any]:
    """The context of the frame for a signed-in person."""
    groups = [NavGroup(g.label, offered(_of_roles(g.items, user), user, path)) for g in GROUPS]
    groups = [group for group in groups if group.items]
    counts = _counts(user, groups)
    settings, account = offered(SETTINGS, user, path), offered(ACCOUNT, user, path)
    here = _nearest([item for group in groups for item in group.items] + settings + account)
    groups = [
        NavGroup(g.label, [replace(_with_badge(i, counts), current=i.url == here) for i in g.items])
        for g in groups
    ]
    everything = [item for group in groups for item in group.items]
    mobile = _bottom_bar(everything)
    return {
        "groups": groups,
        "settings": [
            replace(item, current=item.url == here)
            for item in settings
            if item.url not in {one.url for one in everything}
        ],
        "account": [replace(item, current=item.url == here) for item in account],
        "new": offered(NEW, user, path),
        "mobile": mobile,
        "more": [item for item in everything if item not in mobile],
        "keys": [item for item in everything if item.key],
        "role": roles_in_words(user.roles),
        "bell": bell.mark(counts, path),
    }


#: Pages in the bottom bar of a phone beside alerts and More.
_BOTTOM_BAR = 3


def _bottom_bar(items: Iterable[NavItem]) -> list[NavItem]:
    """Three pages beside the alerts; with no My work, the dashboard is one of them."""
    short = [item for item in items if item.short]
    rest = [item for item in short if item.name != "dashboard"]
    return (rest if len(rest) >= _BOTTOM_BAR else short)[:_BOTTOM_BAR]


def _of_roles(items: Iterable[NavItem], user: Any) -> list[NavItem]:
    return [item for item in items if not item.roles or item.roles.intersection(user.roles)]


def _counts(user: Any, groups: Iterable[NavGroup]) -> dict[str, int]:
    """All figures of the frame in one statement whose cost is bounded."""
    wanted = {item.name for group in groups for item in group.items if item.counted}
    asks = "case_list" in wanted

    def querysets() -> dict[str, QuerySet[Any]]:
        cases = {"case_list": Case.objects.visible_to(user).open()} if asks else {}
        return bell.counted(user) | cases

    return capped_counts(querysets, cap=MOST_COUNTED, same=("frame", asks, user.reads_as))


def _with_badge(item: NavItem, counts: Mapping[str, int]) -> NavItem:
    found = counts.get(item.name, 0)
    if not found:
        return item
    return replace(item, badge=str(found) if found <= MOST_COUNTED else f"{MOST_COUNTED}+")
