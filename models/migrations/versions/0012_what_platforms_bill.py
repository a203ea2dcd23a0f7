"""what platforms bill

Revision: 0012, after: 0011
"""

import sqlalchemy as sa
from alembic import op

import models.base
from models import appending

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    named = sa.text("resource <> ''")
    op.create_table(
        "charge",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", models.base.UtcDateTime(timezone=True), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column(
            "channel", sa.Enum("facebook", "x", name="channel", native_enum=False, length=24), nullable=False
        ),
        sa.Column("operation", sa.String(length=24), nullable=False),
        sa.Column("resource", sa.String(length=80), nullable=False),
        sa.Column("units", sa.Integer(), nullable=False),
        sa.Column("micro_usd", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_charge")),
    )
    op.create_index("ix_charge_day", "charge", ["day"])
    op.create_index(
        "uq_charge_once_a_day", "charge", ["channel", "operation", "resource", "day"],
        unique=True, sqlite_where=named, postgresql_where=named,
    )  # fmt: skip
    for statement in appending.guards("charge", op.get_bind().dialect.name):
        op.get_bind().exec_driver_sql(statement)


def downgrade() -> None:
    op.drop_table("charge")
