from collections.abc import Iterator

import pytest
import requests

from tests.sandbox.clients import GraphClient, XClient
from tests.sandbox_server import SandboxHandle, running_sandbox


@pytest.fixture(scope="session")
def shared_sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SandboxHandle]:
    with running_sandbox(tmp_path_factory.mktemp("sandbox")) as sandbox:
        yield sandbox


@pytest.fixture
def sandbox(shared_sandbox: SandboxHandle) -> SandboxHandle:
    shared_sandbox.reset()
    return shared_sandbox


@pytest.fixture
def graph(sandbox: SandboxHandle) -> GraphClient:
    return graph_client(sandbox)


@pytest.fixture
def x(sandbox: SandboxHandle) -> Iterator[XClient]:
    with requests.Session() as session:
        yield x_client(sandbox, session)


def graph_client(sandbox: SandboxHandle, account: dict | None = None) -> GraphClient:
    account = account or sandbox.credentials("facebook")
    secrets = account["secrets"]
    return GraphClient(sandbox.control, account["external_id"], secrets["page_token"], secrets)


def x_client(sandbox: SandboxHandle, session: requests.Session, account: dict | None = None) -> XClient:
    account = account or sandbox.credentials("x")
    session.trust_env = False
    return XClient(session, sandbox.base_url, account["external_id"], account["secrets"])
