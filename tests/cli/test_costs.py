import json

from core.vocab import Channel
from services.costs import Ledger
from services.prices import OWNED_READ, USER_READ


def spend(rt):
    ledger = Ledger(rt.sessions, rt.clock, rt.prices)
    ledger.spent(Channel.X, OWNED_READ, 2, ("1", "2"))
    ledger.spent(Channel.X, USER_READ, 1, ("7",))


def test_the_month_s_bill_and_forecast_are_told_with_the_budget(rukon, rt):
    spend(rt)
    found = rukon.json("costs")
    assert found["items"][0] == {"operation": "user_read", "units": 1, "usd": 0.01}
    assert found["spent"] == 0.012
    assert found["forecast"] == found["spent"] + found["posts_to_come"] + found["reading_to_come"]
    assert found["budget"] == 100
    table = rukon("costs").stdout
    assert "อ่านโพสต์จากไทม์ไลน์ของเรา" in table
    assert "คาดว่าทั้งเดือน" in table


def test_a_month_gone_by_has_no_forecast(rukon, rt):
    spend(rt)
    found = rukon.json("costs", "--month", "2563-10")
    assert (found["month"], found["items"], "forecast" in found) == ("2020-10", [], False)


def test_what_is_no_month_is_said(rukon, rt):
    assert "2026-13" in rukon("costs", "--month", "2026-13", code=2).stderr


def test_asking_x_without_the_app_s_token_says_where_to_store_it(rukon):
    assert "Bearer Token" in rukon("costs", "--ask-x", code=3).stderr


def test_x_s_own_count_stands_beside_ours(rukon, sandbox, tmp_path, monkeypatch):
    monkeypatch.setenv("RUKON_X_URL", sandbox.base_url)
    told = sandbox.ask("GET", "/__control/credentials")
    app = {"id": told["x_client"]["client_id"], "secret": told["x_client"]["client_secret"]}
    file = tmp_path / "app.json"
    file.write_text(json.dumps(app | {"app_bearer": told["x_bearer"]["app"]}), "utf-8")
    rukon("accounts", "app", "x", "--app-file", file)
    found = rukon.json("costs", "--ask-x")
    assert set(found) == {"counted_by_x", "counted_by_us"}
    assert told["x_bearer"]["app"] not in rukon("costs", "--ask-x").stdout
