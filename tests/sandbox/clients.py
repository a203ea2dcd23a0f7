"""Plain clients of the two APIs, made of libraries that are not ours."""

from collections.abc import Iterable
from dataclasses import dataclass
from io import BytesIO
from typing import Any

import httpx
import requests
from PIL import Image
from requests_oauthlib import OAuth1

VERSION = "v26.0"


@dataclass
class GraphClient:
    """One Page and its token, in the header unless a test puts it elsewhere."""

    http: httpx.Client
    page: str
    token: str
    app: dict[str, str]

    def ask(self, method: str, path: str, **options: Any) -> httpx.Response:
        options.setdefault("headers", {"Authorization": f"Bearer {self.token}"})
        return self.http.request(method, f"/graph/{VERSION}/{path}", **options)

    def get(self, path: str, **params: Any) -> httpx.Response:
        return self.ask("GET", path, params=params)

    def feed(self, **form: Any) -> httpx.Response:
        return self.ask("POST", f"{self.page}/feed", data=form)

    def publish(self, text: str, **form: Any) -> str:
        response = self.feed(message=text, **form)
        assert response.status_code == 200, response.text
        return str(response.json()["id"])

    def photo(self, content: bytes, **form: Any) -> httpx.Response:
        files = {"source": ("photo.jpg", content, "image/jpeg")}
        return self.ask("POST", f"{self.page}/photos", data=form, files=files)

    def stage(self, content: bytes, alt: str = "ภาพตัวอย่าง") -> str:
        response = self.photo(content, published="false", alt_text_custom=alt)
        assert response.status_code == 200, response.text
        return str(response.json()["id"])

    def posts(self, **params: Any) -> list[dict[str, Any]]:
        response = self.get(f"{self.page}/published_posts", **params)
        assert response.status_code == 200, response.text
        return list(response.json()["data"])


@dataclass
class XClient:
    """One user signing with OAuth 1.0a for api.x.com, sent to the sandbox."""

    session: requests.Session
    base_url: str
    user: str
    secrets: dict[str, str]

    def auth(self, **changed: str) -> OAuth1:
        keys = self.secrets | changed
        return OAuth1(
            keys["consumer_key"], keys["consumer_secret"], keys["access_token"], keys["access_token_secret"]
        )

    def ask(self, method: str, path: str, *, auth: Any = None, **options: Any) -> requests.Response:
        """Sign for the public address, send to the sandbox."""
        request = requests.Request(method, f"https://api.x.com{path}", auth=auth or self.auth(), **options)
        prepared = self.session.prepare_request(request)
        prepared.url = str(prepared.url).replace("https://api.x.com", self.base_url)
        return self.session.send(prepared, timeout=30)

    def bearer(self, method: str, path: str, token: str, **options: Any) -> requests.Response:
        headers = {"Authorization": f"Bearer {token}"}
        return self.session.request(method, self.base_url + path, headers=headers, timeout=30, **options)

    def post(self, text: str = "", **body: Any) -> requests.Response:
        return self.ask("POST", "/2/tweets", json=({"text": text} if text else {}) | body)

    def publish(self, text: str = "", **body: Any) -> str:
        response = self.post(text, **body)
        assert response.status_code == 201, response.text
        return str(response.json()["data"]["id"])

    def get(self, path: str, **params: Any) -> requests.Response:
        return self.ask(
            "GET", path, params={name.replace("__", "."): value for name, value in params.items()}
        )

    def timeline(self, **params: Any) -> dict[str, Any]:
        response = self.get(f"/2/users/{self.user}/tweets", **params)
        assert response.status_code == 200, response.text
        return dict(response.json())

    def upload(self, content: bytes, category: str = "tweet_image") -> requests.Response:
        files = {"media": ("photo.jpg", content, "image/jpeg")}
        return self.ask("POST", "/2/media/upload", files=files, data={"media_category": category})

    def media(self, content: bytes) -> str:
        response = self.upload(content)
        assert response.status_code == 200, response.text
        return str(response.json()["data"]["id"])


def jpeg(size: tuple[int, int] = (64, 36), colour: str = "teal", kind: str = "JPEG") -> bytes:
    content = BytesIO()
    Image.new("RGB", size, colour).save(content, kind)
    return content.getvalue()


def texts(rows: Iterable[dict[str, Any]], key: str = "message") -> list[str]:
    return [row[key] for row in rows]
