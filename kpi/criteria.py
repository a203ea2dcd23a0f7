"""The criteria of one fiscal year as data; loading checks everything, so an evaluation cannot stumble."""

from decimal import Decimal
from itertools import pairwise
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from core.errors import BadInput
from kpi.codes import Op, Reading, Strength, Unit
from kpi.measures import MEASURES

FORM_LEVELS = 3  # what the office's form defines; the levels above need a document of adoption
Filled = Annotated[str, Field(min_length=1)]
Code = Annotated[str, Field(pattern=r"^[a-z0-9-]{0,40}$")]  # stands in addresses and names of files


class BadCriteria(BadInput):
    """A criteria file cannot be used; `where` and `problem` say which line of thought is wrong."""

    code = "bad_criteria"


class _Frozen(BaseModel):
    # a misspelt key must not pass silently: it would be a criterion nobody applies
    model_config = ConfigDict(frozen=True, extra="forbid")


class Words(_Frozen):
    """A text in both languages."""

    th: Filled
    en: Filled


class Definition(_Frozen):
    """A term as the form defines it."""

    term: Filled
    text: Filled
    source: Filled


class Indicator(_Frozen):
    """The head of the form: sections 1 to 5."""

    code: Code  # the form prints none
    name: Words
    unit: Words
    result_type: Literal["output", "outcome", "unknown"]  # the tick was lost in print
    alignment: tuple[Definition, ...]
    definitions: tuple[Definition, ...]
    method: Words
    target: Decimal
    source: Filled


class Criterion(_Frozen):
    """One check or measure: which function, which bounds, which proof."""

    id: Filled
    level: int
    clause: Filled
    title: Words
    formula: Words
    measure: Filled
    params: dict[str, Any] = {}
    unit: Unit
    op: Op = Op.AT_LEAST
    minimum: Decimal | None = None  # form minimum; None: at least one proved case
    target: Decimal | None = None  # internal target; None: the measure's own baseline, or none
    target_unit: Unit | None = None  # where the target counts something else than the minimum
    per: Literal["period", "month", "quarter"] = "period"  # the target is meant for each of these
    strength: Strength
    gate: bool = False
    scored: bool = True
    source: Filled

    @model_validator(mode="after")
    def _measure_is_known(self) -> Self:
        if self.measure not in MEASURES:
            raise ValueError(f"no measure is called {self.measure}")
        wanted = MEASURES[self.measure].params
        if wanted != self.params.keys():
            raise ValueError(f"{self.measure} takes exactly the parameters {sorted(wanted)}")
        return self


class Attestation(_Frozen):
    """What stays human: a signed word."""

    id: Filled
    title: Words
    text: Words
    params: dict[str, Any] = {}  # what the rubric asks for: sample, reviewers, mean, spread, confirmations
    strength: Strength
    source: Filled


class Level(_Frozen):
    """One level of the form; an undefined one may hold a template that the office can adopt."""

    n: int
    status: Literal["defined", "undefined"]
    text: Words
    scored_by: Reading
    source: Filled
    document: str = ""  # of adoption, for levels the form does not define
    template: Words | None = None
    criteria: tuple[Criterion, ...] = ()
    attestations: tuple[Attestation, ...] = ()
    templates: tuple[Criterion, ...] = ()  # what adopting the template brings; judges nobody before

    @model_validator(mode="after")
    def _is_consistent(self) -> Self:
        defined = self.status == "defined"
        if defined is not bool(self.criteria):
            raise ValueError(f"level {self.n}: a defined level has criteria, an undefined one has none")
        if defined and self.n > FORM_LEVELS and not self.document:
            raise ValueError(f"level {self.n}: the form does not define it; name the document that adopts it")
        if self.attestations and self.n != FORM_LEVELS:
            raise ValueError(f"level {self.n}: only level {FORM_LEVELS} is attested")
        return self


class Step(_Frozen):
    """One step of a scale: from this figure on so many points."""

    at: Decimal
    points: Decimal


class Scale(_Frozen):
    """How a percentage becomes points: steps upwards, straight lines between them."""

    below: Decimal  # points of any figure under the first step
    steps: Annotated[tuple[Step, ...], Field(min_length=2)]

    @model_validator(mode="after")
    def _rises(self) -> Self:
        for one, other in pairwise(self.steps):
            if other.at <= one.at or other.points <= one.points:
                raise ValueError("the steps of a scale rise, both figures and points")
        return self


class Rules(_Frozen):
    """How findings become levels."""

    policy: Literal["STRICT_CUMULATIVE", "STEP_SCALE"]
    pass_share: Decimal  # percent of the scorable measures that are no gates
    min_scorable: int  # fewer than these prove nothing
    small_base: int  # below this many cases the figure is labelled


class CriteriaSet(_Frozen):
    """All criteria of one fiscal year, with the digest that every document prints."""

    fiscal_year: int
    version: Filled
    status: Literal["draft", "approved"]
    digest: str
    rules: Rules
    indicator: Indicator
    levels: tuple[Level, ...]
    scale: Scale | None = None  # for STEP_SCALE alone: one level with one scored criterion

    @model_validator(mode="after")
    def _scale_fits_the_policy(self) -> Self:
        stepped = self.rules.policy == "STEP_SCALE"
        if stepped is not (self.scale is not None):
            raise ValueError("a scale belongs to the policy STEP_SCALE, and to no other")
        if stepped and [one.unit for one in self.criteria if one.scored] != [Unit.PERCENT]:
            raise ValueError("a scale scores exactly one criterion, in percent")
        return self

    @model_validator(mode="after")
    def _levels_are_in_order(self) -> Self:
        if [level.n for level in self.levels] != list(range(1, len(self.levels) + 1)):
            raise ValueError("levels must be 1, 2, 3 ... in this order")
        return self

    @property
    def criteria(self) -> tuple[Criterion, ...]:
        """All criteria of all levels, in the order of the file."""
        return tuple(criterion for level in self.levels for criterion in level.criteria)

    @property
    def attestations(self) -> tuple[Attestation, ...]:
        """All attestations, in the order of the file."""
        return tuple(one for level in self.levels for one in level.attestations)

    @property
    def highest_defined(self) -> int:
        """The highest level that has criteria: nothing above it can be evidenced."""
        return max((level.n for level in self.levels if level.status == "defined"), default=0)
