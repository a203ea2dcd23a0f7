"""rows that are only appended

Revision: 0004, after: 0003
"""

from alembic import op

from models import appending

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

APPENDED = ("move", "audit_event", "review", "snapshot", "reading")
SETTLED_ATTEMPT = (
    "OLD.outcome NOT IN ('open', 'unknown') OR OLD.id <> NEW.id OR OLD.delivery_id <> NEW.delivery_id"
    " OR OLD.fence <> NEW.fence OR OLD.phase <> NEW.phase OR OLD.owner <> NEW.owner"
    " OR OLD.started_at <> NEW.started_at OR OLD.request_sha256 <> NEW.request_sha256"
)


def upgrade() -> None:
    dialect = op.get_bind().dialect.name
    statements = appending.refusal(dialect)
    for table in APPENDED:
        statements += appending.guards(table, dialect)
    statements += appending.guards("attempt", dialect, SETTLED_ATTEMPT)
    for statement in statements:
        op.get_bind().exec_driver_sql(statement)


def downgrade() -> None:
    postgresql = op.get_bind().dialect.name == "postgresql"
    changes = ("update", "delete", "truncate") if postgresql else ("update", "delete")
    for table in (*APPENDED, "attempt"):
        for change in changes:
            place = f" ON {table}" if postgresql else ""
            op.execute(f"DROP TRIGGER {table}_no_{change}{place}")
    if postgresql:
        op.execute("DROP FUNCTION refuse_change()")
