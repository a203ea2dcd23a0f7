"""The least that anybody could do: a loop of one HTTP call between two commits, on the same database."""

import hashlib
import hmac
import time
from collections.abc import Callable

import requests
from requests_oauthlib import OAuth1
from sqlalchemy import Engine, text

from core.config import Settings
from core.vocab import Channel
from tests.sandbox_server import SandboxHandle

Call = Callable[[str], requests.Response]
OAUTH1 = ("consumer_key", "consumer_secret", "access_token", "access_token_secret")
TIMEOUT_S = 30
TABLE = "CREATE TABLE bare (id INTEGER PRIMARY KEY, sent INTEGER NOT NULL, remote_id VARCHAR(80))"
BEGUN = text("INSERT INTO bare (id, sent) VALUES (:id, 1)")
DONE = text("UPDATE bare SET remote_id = :remote_id WHERE id = :id")


def drain(sandbox: SandboxHandle, engine: Engine, count: int) -> float:
    """Post so many texts one after another, half per channel; return posts per second.

    The calls are ours to the letter: Facebook's token and proof, X signed by OAuth 1.0a. Each is written down
    and committed before it is made, and what came of it after. Nothing is claimed, checked or logged.
    """
    with engine.begin() as connection:
        connection.execute(text("DROP TABLE IF EXISTS bare"))
        connection.execute(text(TABLE))
    calls = [_facebook(sandbox), _x(sandbox)]
    began = time.perf_counter()
    for number in range(count):
        with engine.begin() as connection:
            connection.execute(BEGUN, {"id": number})
        answer = calls[number % 2](f"ข้อความทดสอบความเร็ว {number}")
        answer.raise_for_status()
        body = answer.json()
        remote_id = body.get("id") or body["data"]["id"]
        with engine.begin() as connection:
            connection.execute(DONE, {"id": number, "remote_id": remote_id})
    return count / (time.perf_counter() - began)


def _facebook(sandbox: SandboxHandle) -> Call:
    account = sandbox.credentials(Channel.FACEBOOK)
    token, secret = account["secrets"]["page_token"], account["secrets"]["app_secret"]
    url = f"{sandbox.graph_url}/{Settings().facebook_version}/{account['external_id']}/feed"
    proof = hmac.new(secret.encode(), token.encode(), hashlib.sha256).hexdigest()
    headers = {"Authorization": f"Bearer {token}"}
    return lambda words: requests.post(
        url, data={"message": words, "appsecret_proof": proof}, headers=headers, timeout=TIMEOUT_S
    )


def _x(sandbox: SandboxHandle) -> Call:
    secrets = sandbox.credentials(Channel.X)["secrets"]
    signer = OAuth1(*(secrets[name] for name in OAUTH1))
    url = f"{sandbox.base_url}/2/tweets"
    return lambda words: requests.post(url, json={"text": words}, auth=signer, timeout=TIMEOUT_S)
