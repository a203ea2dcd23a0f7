"""Percentages on a step scale: points at each step, straight lines between them (บัญญัติไตรยางศ์)."""

from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

from kpi.codes import Headline
from kpi.counting import shown
from kpi.criteria import Scale
from kpi.findings import Finding


def points(scale: Scale, figure: Decimal) -> Decimal:
    """Return the points of a figure in percent, two places, half up.

    From the figure as printed, so that anybody can check it by hand: on 60-70-80-90-100, 63.64 % is 1.36.
    """
    if figure < scale.steps[0].at:
        return shown(Fraction(scale.below))
    for low, high in pairwise(scale.steps):
        if figure < high.at:
            part = Fraction(figure - low.at) / Fraction(high.at - low.at)
            return shown(Fraction(low.points) + part * Fraction(high.points - low.points))
    return shown(Fraction(scale.steps[-1].points))


def score_on(scale: Scale, finding: Finding) -> tuple[Decimal, Headline]:
    """Return the points of what is proved, and the sentence; without a figure there are none."""
    if finding.value is None:
        return Decimal("0.00"), Headline.SCALE_NO_DATA
    return points(scale, finding.value), Headline.SCALE_PENDING if finding.unknown else Headline.SCALE
