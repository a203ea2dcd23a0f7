"""What a check reports when the platform refuses it."""

from connectors.base import PlatformTrouble, RetryLater
from connectors.reports import CheckReport
from core.vocab import Health


def failed(trouble: PlatformTrouble) -> CheckReport:
    """Return the report of an account that is refused; raises the trouble again if nothing was learned."""
    if isinstance(trouble, RetryLater) and trouble.health is None:
        raise trouble
    return CheckReport(trouble.health or Health.REAUTH, problems=(trouble.code,))
