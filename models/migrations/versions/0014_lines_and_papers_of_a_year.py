"""lines of the year's form, texts of its sections; evidence files of quarters and years

Revision: 0014, after: 0013
"""

import sqlalchemy as sa
from alembic import op

import models.base
from models import appending

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

APPENDED = ("report_line", "form_text")


def upgrade() -> None:
    op.create_table(
        "report_line",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("fiscal_year", sa.Integer(), nullable=False),
        sa.Column("month", sa.String(length=7), nullable=False),
        sa.Column("entry_date", sa.Date(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("instead_of", sa.Text(), nullable=False),
        sa.Column("written_by", sa.Integer(), nullable=False),
        sa.Column("written_at", models.base.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["written_by"], ["person.id"], name=op.f("fk_report_line_written_by_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report_line")),
    )
    op.create_index(
        op.f("ix_report_line_fiscal_year_month_id"), "report_line", ["fiscal_year", "month", "id"]
    )
    op.create_table(
        "form_text",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("fiscal_year", sa.Integer(), nullable=False),
        sa.Column("section", sa.String(length=20), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("written_by", sa.Integer(), nullable=False),
        sa.Column("written_at", models.base.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["written_by"], ["person.id"], name=op.f("fk_form_text_written_by_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_form_text")),
    )
    op.create_index(
        op.f("ix_form_text_fiscal_year_section_id"), "form_text", ["fiscal_year", "section", "id"]
    )
    with op.batch_alter_table("evidence_bundle") as batch_op:
        batch_op.alter_column(
            "month", new_column_name="period", existing_type=sa.String(7), existing_nullable=False
        )
        batch_op.alter_column("requested_by", existing_type=sa.Integer(), nullable=True)
    _name_the_constraint("uq_evidence_bundle_month_version", "uq_evidence_bundle_period_version", "period")
    dialect = op.get_bind().dialect.name
    for table in APPENDED:
        for statement in appending.guards(table, dialect):
            op.get_bind().exec_driver_sql(statement)


def downgrade() -> None:
    _name_the_constraint("uq_evidence_bundle_period_version", "uq_evidence_bundle_month_version", "period")
    with op.batch_alter_table("evidence_bundle") as batch_op:
        batch_op.alter_column("requested_by", existing_type=sa.Integer(), nullable=False)
        batch_op.alter_column(
            "period", new_column_name="month", existing_type=sa.String(7), existing_nullable=False
        )
    op.drop_table("form_text")
    op.drop_table("report_line")


def _name_the_constraint(old: str, new: str, column: str) -> None:
    with op.batch_alter_table("evidence_bundle") as batch_op:
        batch_op.drop_constraint(old, type_="unique")
        batch_op.create_unique_constraint(new, [column, "version"])
