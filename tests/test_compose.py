"""No Docker engine is at hand: what can be known of docker-compose.yml and Dockerfile without one."""

import re
from typing import Any

import pytest
import typer
import yaml

from cli import health
from cli.commands import app
from core.config import Settings
from tests.source_tree import ROOT

COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text("utf-8"))
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
OURS = {name: service for name, service in SERVICES.items() if "build" in service}
VARIABLES = {f"RUKON_{name.upper()}" for name in Settings.model_fields}

# The part of the compose specification that we use, as types; another key is a slip or news.
TOP_LEVEL = {"name": str, "services": dict, "volumes": dict, "secrets": dict}
SERVICE_KEYS: dict[str, type | tuple[type, ...]] = {
    "build": (str, dict), "image": str, "command": list, "restart": str, "init": bool, "read_only": bool,
    "tmpfs": list, "cap_drop": list, "security_opt": list, "stop_grace_period": str, "environment": dict,
    "env_file": list, "volumes": list, "secrets": list, "depends_on": dict, "ports": list,
    "healthcheck": dict,
}  # fmt: skip
HEALTH_KEYS = {"test", "interval", "timeout", "retries", "start_period"}
CONDITIONS = {"service_started", "service_healthy", "service_completed_successfully"}
DURATION = re.compile(r"(\d+(us|ms|s|m|h))+")


def test_top_level_has_the_form_of_the_specification():
    known = {key: value for key, value in COMPOSE.items() if not key.startswith("x-")}
    assert set(known) == set(TOP_LEVEL)
    assert [key for key, value in known.items() if not isinstance(value, TOP_LEVEL[key])] == []


@pytest.mark.parametrize("name", SERVICES)
def test_service_has_the_form_of_the_specification(name):
    service = SERVICES[name]
    wrong = [key for key, value in service.items() if not isinstance(value, SERVICE_KEYS.get(key, ()))]
    assert wrong == []
    assert all(isinstance(word, str) for word in service.get("command", []))
    assert all(isinstance(value, str) for value in service.get("environment", {}).values()), (
        "quote it in YAML"
    )
    assert service.get("restart") in {"no", "unless-stopped"}


@pytest.mark.parametrize("name", SERVICES)
def test_service_uses_only_what_is_declared(name):
    service = SERVICES[name]
    assert set(service.get("secrets", [])) <= set(COMPOSE["secrets"])
    assert {volume.split(":")[0] for volume in service.get("volumes", [])} <= set(COMPOSE["volumes"])
    for other, wait in service.get("depends_on", {}).items():
        assert wait["condition"] in CONDITIONS
        if wait["condition"] == "service_healthy":
            assert "healthcheck" in SERVICES[other], (
                f"{name} waits for the health of {other}, which has no check"
            )


@pytest.mark.parametrize("name", [name for name in SERVICES if name != "migrate"])
def test_service_that_stays_up_is_watched(name):
    check = SERVICES[name]["healthcheck"]
    assert set(check) <= HEALTH_KEYS
    assert check["test"][0] == "CMD"
    assert all(
        DURATION.fullmatch(check[key]) for key in check.keys() & {"interval", "timeout", "start_period"}
    )


@pytest.mark.parametrize("name", OURS)
def test_commands_are_commands_of_ours(name):
    service = OURS[name]
    assert_command(service["command"])
    if "healthcheck" in service:
        assert service["healthcheck"]["test"] == ["CMD", "python", "-m", "cli.health", name]
        assert name in health.KINDS


def test_the_image_starts_with_a_command_of_ours():
    instructions = (ROOT / "Dockerfile").read_text("utf-8")
    words = re.findall(r'"([^"]+)"', re.findall(r"^CMD (.*)$", instructions, re.MULTILINE)[-1])
    assert_command(words)
    assert re.search(r"^USER rukon$", instructions, re.MULTILINE), "the program must not run as root"


def assert_command(words: list[str]) -> None:
    """Walk down the command tree of `rukon`; what is left must be arguments that the command takes."""
    assert words[0] == "rukon"
    node: Any = typer.main.get_command(app)
    rest = words[1:]
    while rest and hasattr(node, "commands"):
        assert rest[0] in node.commands, f"`rukon` has no command {' '.join(words[1:])}"
        node, rest = node.commands[rest[0]], rest[1:]
    node.make_context(words[0], list(rest))


@pytest.mark.parametrize("name", OURS)
def test_every_variable_is_a_setting(name):
    assert set(OURS[name]["environment"]) <= VARIABLES


def test_every_variable_taken_from_outside_is_documented():
    used = set(re.findall(r"\$\{(\w+)", (ROOT / "docker-compose.yml").read_text("utf-8")))
    assert used <= VARIABLES
    for page in (".env.example", "docs/operations.md"):
        assert [name for name in used if name not in (ROOT / page).read_text("utf-8")] == []


@pytest.mark.parametrize("name", SERVICES)
def test_secrets_come_from_files_and_nowhere_else(name):
    service = SERVICES[name]
    environment = service.get("environment", {})
    from_files = {
        value.removeprefix("/run/secrets/") for key, value in environment.items() if key.endswith("_FILE")
    }
    assert from_files == set(service.get("secrets", []))
    assert [key for key in environment if "PASSWORD" in key and not key.endswith("_FILE")] == []
    assert all(secret["file"].startswith("./secrets/") for secret in COMPOSE["secrets"].values())


def test_secrets_can_get_neither_into_the_image_nor_into_git():
    assert {"secrets", ".env", "data"} <= set((ROOT / ".dockerignore").read_text("utf-8").split())
    assert {"secrets/", ".env", "data/"} <= set((ROOT / ".gitignore").read_text("utf-8").split())


def test_redis_may_not_drop_hints_in_silence():
    command = SERVICES["redis"]["command"]
    assert command[command.index("--maxmemory-policy") + 1] == "noeviction"
