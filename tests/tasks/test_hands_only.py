"""Celery carries hints, nothing else: what publishes twice or never under Redis is not used anywhere."""

import ast

import pytest

from core.config import Settings
from tasks.app import app, configure
from tests.source_tree import trees

# a message with one of these waits in a worker's memory, is told again, or is kept until somebody asks
WORDS = {
    "eta", "countdown", "retry", "retries", "max_retries", "default_retry_delay", "autoretry_for",
    "retry_backoff", "retry_policy", "acks_late", "task_acks_late", "reject_on_worker_lost",
    "acks_on_failure_or_timeout", "backend", "result_backend", "store_errors_even_if_ignored",
    "chain", "chord", "group", "apply_at",
}  # fmt: skip
HARMLESS = {"task_acks_late=False"}


@pytest.mark.parametrize("url", ["", "redis://127.0.0.1:1/0"])
def test_celery_is_set_to_forget(url):
    configure(Settings(redis_url=url))
    assert not app.conf.task_acks_late
    assert not app.conf.task_reject_on_worker_lost
    assert app.conf.task_ignore_result
    assert app.conf.result_backend is None
    assert app.conf.worker_prefetch_multiplier == 1
    for task in app.tasks.values():
        assert task.acks_late in (None, False), task.name
        assert not getattr(task, "autoretry_for", ()), task.name
    for name, entry in app.conf.beat_schedule.items():
        assert entry["options"]["expires"] > 0, f"{name} would pile up while nobody works"


def test_no_task_waits_is_retried_or_answers():
    found = [
        f"{file}:{node.lineno} {word}"
        for file, tree in trees().items()
        if file.startswith("tasks/")
        for node, word in words_of(tree)
        if word.partition("=")[0] in WORDS and word not in HARMLESS
    ]
    assert not found, (
        "Write what is due into the database; a tick finds it. Redis repeats and forgets:\n  "
        + "\n  ".join(found)
    )


def test_the_rule_sees_every_spelling():
    caught = [
        "f.apply_async(eta=1)",
        "f.apply_async((), countdown=3)",
        "f.apply_async(**{'eta': 1})",
        "f.s().set(countdown=1)",
        "self.retry()",
        "@app.task(acks_late=True)\ndef f(): pass",
    ]
    for code in caught:
        assert any(word.partition("=")[0] in WORDS for _, word in words_of(ast.parse(code))), code
    harmless = ast.parse("app.conf.update(task_acks_late=False)")
    assert [word for _, word in words_of(harmless) if word.partition("=")[0] in WORDS] == [
        "task_acks_late=False"
    ]


def words_of(tree):
    """Yield each keyword as name=value, each method called, and each key of a literal dictionary."""
    for node in ast.walk(tree):
        if isinstance(node, ast.keyword) and node.arg:
            yield node.value, f"{node.arg}={ast.unparse(node.value)}"
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            yield node, node.func.attr
        elif isinstance(node, ast.Dict):
            yield from ((key, key.value) for key in node.keys if isinstance(getattr(key, "value", None), str))
