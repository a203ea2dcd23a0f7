"""Facts and evaluations as plain JSON values and back, so that a run can be stored and replayed for ever.

Moments become ISO text, decimals text, enums their value, tuples lists; a key missing on the way back takes
the field's default, so that what was stored before a field existed stays readable.
"""

from typing import Any

from pydantic import TypeAdapter

from kpi.facts import PeriodFacts
from kpi.findings import Evaluation

FACTS = TypeAdapter(PeriodFacts)
EVALUATION = TypeAdapter(Evaluation)


def to_dict(evaluation: Evaluation) -> dict[str, Any]:
    """Return an evaluation as plain JSON values."""
    plain: dict[str, Any] = EVALUATION.dump_python(evaluation, mode="json")
    return plain


def evaluation_from(plain: dict[str, Any]) -> Evaluation:
    """Return the evaluation that `to_dict` wrote."""
    return EVALUATION.validate_python(plain)


def facts_to_dict(facts: PeriodFacts) -> dict[str, Any]:
    """Return facts as plain JSON values, to be stored beside the evaluation they led to."""
    plain: dict[str, Any] = FACTS.dump_python(facts, mode="json")
    return plain


def facts_from(plain: dict[str, Any]) -> PeriodFacts:
    """Return the facts that `facts_to_dict` wrote."""
    return FACTS.validate_python(plain)
