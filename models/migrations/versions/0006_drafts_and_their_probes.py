"""drafts and their probes

Revision: 0006, after: 0005
"""

import sqlalchemy as sa
from alembic import op

import models.base
from models import appending

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "probe_record",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("at", models.base.UtcDateTime(timezone=True), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("api_version", sa.String(length=20), nullable=False),
        sa.Column("held", sa.Boolean(), nullable=False),
        sa.Column("findings", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_probe_record_account_id_account")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_probe_record_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_probe_record")),
    )
    with op.batch_alter_table("delivery", schema=None) as batch_op:
        batch_op.add_column(sa.Column("draft_id", sa.String(length=80), nullable=True))
    for statement in appending.guards("probe_record", op.get_bind().dialect.name):
        op.get_bind().exec_driver_sql(statement)


def downgrade() -> None:
    op.drop_column("delivery", "draft_id")  # in batch mode SQLite would drop the table that others point to
    op.drop_table("probe_record")
