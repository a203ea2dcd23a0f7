"""Ticks of publishing: each looks into the database and does what it finds there."""

from services import preparing, publishing, reconciling, rescue, verification, watching
from tasks.app import app, bound


@app.task(name="publishing.tick")
def tick() -> None:
    """Count what is due and call as many hands as can be used."""
    rt = bound().rt
    publishing.hear(rt, bound().life)
    for _ in range(min(publishing.due_count(rt, life=bound().life), rt.settings.send_threads)):
        drain.apply_async(expires=max(2 * rt.settings.poll_s, 5.0))


@app.task(name="publishing.drain")
def drain() -> None:
    """Send what is due."""
    publishing.drain(bound().rt, bound().life)


@app.task(name="publishing.prepare")
def prepare() -> None:
    """Stage pictures early."""
    preparing.prepare_ahead(bound().rt, bound().life)


@app.task(name="publishing.rescue")
def rescue_dead() -> None:
    """Free what dead processes left."""
    rescue.rescue(bound().rt, bound().life)


@app.task(name="publishing.reconcile")
def reconcile() -> None:
    """Look for unclear sends on the platform."""
    reconciling.reconcile_due(bound().rt, bound().life)


@app.task(name="publishing.verify")
def verify() -> None:
    """Read published posts back."""
    verification.verify_due(bound().rt, bound().life)


@app.task(name="publishing.watch")
def watch() -> None:
    """Raise alerts for what stays half way."""
    watching.watch(bound().rt, bound().life)
