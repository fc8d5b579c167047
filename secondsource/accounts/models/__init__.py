"""People, where they work, and their tokens."""

from secondsource.accounts.models.plants import Plant, ProductLine, Team
from secondsource.accounts.models.tokens import ApiToken
from secondsource.accounts.models.users import User

__all__ = ["ApiToken", "Plant", "ProductLine", "Team", "User"]
