"""Every page that takes a period: a wrong one is refused with a sentence, on the page and in a form."""

from collections.abc import Iterator

import pytest

from core.vocab import Role
from tests.web.site import Visitor, running_site, words

REFUSED = "ไม่รู้จักงวด"
WRONG = ("1999", "0001-01", "1999-q1", "9999-12", "2564-q5", "2563-13", "ตุลาคม")
ANY_SPAN = ("/kpi?period={}", "/kpi/leads.png?period={}", "/kpi/sign?period={}", "/evidence/periods/{}")
ONE_MONTH = ("/evidence/closing?month={}", "/kpi/posts?month={}")
YEARS = ("/evidence?year={}", "/form?year={}", "/plans?year={}", "/reference?kind=holiday&year={}")
CALENDARS = ("/calendar?month={}", "/public/calendar?month={}")  # open to the world: simply not found


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Visitor]:
    with running_site(tmp_path_factory.mktemp("office")) as site:
        yield site.member(Role.KPI_OFFICER)


@pytest.mark.parametrize(
    "path",
    [one.format(period) for one in ANY_SPAN + ONE_MONTH for period in WRONG]
    + [one.format(period) for one in ONE_MONTH for period in ("2564", "2564-q1")]
    + [one.format(year) for one in YEARS for year in (1, -1, 1999, 99999)],
)
def test_a_wrong_period_in_an_address_is_refused_with_examples(reader, path):
    answer = reader.get(path)
    assert answer.status_code == 422
    assert REFUSED in words(answer)
    assert "2564-q1" in words(answer)


@pytest.mark.parametrize("path", [one.format(period) for one in CALENDARS for period in (*WRONG, "2564-q1")])
def test_a_calendar_has_no_such_month(reader, path):
    assert reader.get(path).status_code == 404


@pytest.mark.parametrize("period", WRONG)
@pytest.mark.parametrize(
    ("path", "field"),
    [
        ("/kpi", "period"), ("/kpi/sign", "period"), ("/kpi/sample", "period"), ("/evidence", "month"),
        ("/kpi/notes/counts", "month"), ("/kpi/notes/corrections/whole", "month"),
    ],
)  # fmt: skip
def test_a_wrong_period_in_a_form_is_refused_with_examples(reader, path, field, period):
    answer = reader.post(path, {field: period})
    assert answer.status_code == 422
    assert REFUSED in words(answer)


@pytest.mark.parametrize("path", ["/form/lines/1999-13", "/form/lines/2564-q1", "/form/1999/texts"])
def test_the_form_takes_no_words_for_a_period_that_does_not_exist(reader, path):
    answer = reader.post(path, {"line": "เผยแพร่ข้อมูล", "factors": "บุคลากร"})
    assert answer.status_code == 422
    assert REFUSED in words(answer)


@pytest.mark.parametrize("typed", ["2563-10", "2020-10"])
def test_a_month_is_called_the_same_however_it_was_typed(reader, typed):
    answer = reader.get(f"/kpi?period={typed}")
    assert answer.status_code == 200
    assert 'href="/kpi?period=2020-10" aria-current="page"' in answer.text
