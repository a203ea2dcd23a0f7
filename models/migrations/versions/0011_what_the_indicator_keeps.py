"""the indicator"s own records: criteria kept, office notes, outside posts, samples and signatures

Revision: 0011, after: 0010
"""

import sqlalchemy as sa
from alembic import op

import models.base
from models import appending

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

APPENDED = (
    "baseline",
    "correction",
    "executive_report",
    "month_count",
    "no_correction",
    "outside_mark",
    "post_mark",
    "profile_check",
    "survey",
    "attestation",
    "review_sample",
    "sample_confirmation",
    "sample_score",
    "sample_talk",
)


def upgrade() -> None:
    _create_records()
    _create_posts_and_samples()
    op.add_column("evaluation_run", sa.Column("indicator", sa.String(40), server_default="", nullable=False))
    with op.batch_alter_table("evaluation_run") as batch_op:
        batch_op.add_column(sa.Column("made_by", sa.Integer(), nullable=True))
        batch_op.create_foreign_key(op.f("fk_evaluation_run_made_by_person"), "person", ["made_by"], ["id"])
    op.add_column("event", sa.Column("flagship", sa.Boolean(), server_default=sa.false(), nullable=False))
    dialect = op.get_bind().dialect.name
    for table in APPENDED:
        for statement in appending.guards(table, dialect):
            op.get_bind().exec_driver_sql(statement)


def downgrade() -> None:
    op.drop_column("event", "flagship")
    with op.batch_alter_table("evaluation_run") as batch_op:
        batch_op.drop_constraint(op.f("fk_evaluation_run_made_by_person"), type_="foreignkey")
        batch_op.drop_column("made_by")
        batch_op.drop_column("indicator")
    for table in (
        "sample_talk",
        "sample_score",
        "sample_confirmation",
        "post_mark",
        "correction",
        "outside_mark",
        "attestation",
        "survey",
        "review_sample",
        "profile_check",
        "outside_post",
        "outside_look",
        "no_correction",
        "month_count",
        "improvement",
        "executive_report",
        "criteria_text",
        "baseline",
    ):
        op.drop_table(table)


def _create_records() -> None:
    # fmt: off
    op.create_table("baseline",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("fiscal_year", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False), sa.Column("figures", sa.JSON(), nullable=False),
        sa.Column("frozen_at", models.base.UtcDateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_baseline")),
        sa.UniqueConstraint("fiscal_year", name=op.f("uq_baseline_fiscal_year")),
    )
    op.create_table("criteria_text",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("fiscal_year", sa.Integer(), nullable=False),
        sa.Column("indicator", sa.String(length=40), nullable=False),
        sa.Column("version", sa.String(length=20), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("applies_from", sa.Date(), nullable=False),
        sa.Column("document", sa.String(length=200), nullable=False),
        sa.Column("why", sa.String(length=300), nullable=False),
        sa.Column("kept_by", sa.Integer(), nullable=True),
        sa.Column("kept_at", models.base.UtcDateTime(timezone=True), nullable=False),
        sa.Column("approved_by", sa.Integer(), nullable=True),
        sa.Column("approved_at", models.base.UtcDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["approved_by"], ["person.id"], name=op.f("fk_criteria_text_approved_by_person")),
        sa.ForeignKeyConstraint(["kept_by"], ["person.id"], name=op.f("fk_criteria_text_kept_by_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_criteria_text")),
        sa.UniqueConstraint("digest", name=op.f("uq_criteria_text_digest")),
    )
    op.create_index(op.f("ix_criteria_text_fiscal_year_indicator_applies_from"), "criteria_text", ["fiscal_year", "indicator", "applies_from"])
    op.create_table("executive_report",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("number", sa.String(length=100), nullable=False),
        sa.Column("acknowledged_by", sa.String(length=200), nullable=False),
        sa.Column("acknowledged_on", sa.Date(), nullable=False),
        sa.Column("file_sha256", sa.String(length=64), nullable=False),
        sa.Column("file_name", sa.String(length=200), nullable=False),
        sa.Column("recorded_by", sa.Integer(), nullable=False),
        sa.Column("recorded_at", models.base.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["recorded_by"], ["person.id"], name=op.f("fk_executive_report_recorded_by_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_executive_report")),
    )
    op.create_index(op.f("ix_executive_report_acknowledged_on"), "executive_report", ["acknowledged_on"])
    op.create_table("improvement",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("change", sa.Text(), nullable=False),
        sa.Column("criterion", sa.String(length=40), nullable=False),
        sa.Column("unit", sa.String(length=60), nullable=False),
        sa.Column("changed_on", sa.Date(), nullable=False),
        sa.Column("baseline", sa.Numeric(precision=16, scale=2), nullable=True),
        sa.Column("after", sa.Numeric(precision=16, scale=2), nullable=True),
        sa.Column("better", sa.Boolean(), nullable=True),
        sa.Column("after_at", models.base.UtcDateTime(timezone=True), nullable=True),
        sa.Column("after_by", sa.Integer(), nullable=True),
        sa.Column("file_sha256", sa.String(length=64), nullable=False),
        sa.Column("file_name", sa.String(length=200), nullable=False),
        sa.Column("recorded_by", sa.Integer(), nullable=False),
        sa.Column("recorded_at", models.base.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["after_by"], ["person.id"], name=op.f("fk_improvement_after_by_person")),
        sa.ForeignKeyConstraint(["recorded_by"], ["person.id"], name=op.f("fk_improvement_recorded_by_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_improvement")),
    )
    op.create_index(op.f("ix_improvement_changed_on"), "improvement", ["changed_on"])
    op.create_table("month_count",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("month", sa.String(length=7), nullable=False),
        sa.Column("name", sa.String(length=20), nullable=False),
        sa.Column("value", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(length=300), nullable=False),
        sa.Column("file_sha256", sa.String(length=64), nullable=False),
        sa.Column("file_name", sa.String(length=200), nullable=False),
        sa.Column("recorded_by", sa.Integer(), nullable=False),
        sa.Column("recorded_at", models.base.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["recorded_by"], ["person.id"], name=op.f("fk_month_count_recorded_by_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_month_count")),
    )
    op.create_index(op.f("ix_month_count_month_name"), "month_count", ["month", "name"])
    op.create_table("no_correction",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("month", sa.String(length=7), nullable=False),
        sa.Column("said_by", sa.Integer(), nullable=False),
        sa.Column("said_at", models.base.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["said_by"], ["person.id"], name=op.f("fk_no_correction_said_by_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_no_correction")),
    )
    op.create_index(op.f("ix_no_correction_month"), "no_correction", ["month"])
    op.create_table("outside_look",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("since", models.base.UtcDateTime(timezone=True), nullable=False),
        sa.Column("looked_at", models.base.UtcDateTime(timezone=True), nullable=False),
        sa.Column("complete", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_outside_look_account_id_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outside_look")),
    )
    op.create_index(op.f("ix_outside_look_account_id"), "outside_look", ["account_id"])
    op.create_table("outside_post",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("remote_id", sa.String(length=80), nullable=False),
        sa.Column("permalink", sa.String(length=500), nullable=False),
        sa.Column("body", sa.Text(), nullable=False), sa.Column("raw", sa.JSON(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("published_at", models.base.UtcDateTime(timezone=True), nullable=False),
        sa.Column("found_at", models.base.UtcDateTime(timezone=True), nullable=False),
        sa.Column("gone_at", models.base.UtcDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_outside_post_account_id_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outside_post")),
        sa.UniqueConstraint("account_id", "remote_id", name=op.f("uq_outside_post_account_id_remote_id")),
    )
    op.create_index(op.f("ix_outside_post_published_at"), "outside_post", ["published_at"])
    op.create_table("profile_check",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("channel", sa.Enum("facebook", "x", name="channel", native_enum=False, length=24), nullable=False),
        sa.Column("point", sa.String(length=20), nullable=False),
        sa.Column("ok", sa.Boolean(), nullable=False),
        sa.Column("note", sa.String(length=300), nullable=False),
        sa.Column("checked_by", sa.Integer(), nullable=False),
        sa.Column("checked_at", models.base.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["checked_by"], ["person.id"], name=op.f("fk_profile_check_checked_by_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_profile_check")),
    )
    op.create_index(op.f("ix_profile_check_checked_at"), "profile_check", ["checked_at"])
    # fmt: on


def _create_posts_and_samples() -> None:
    # fmt: off
    op.create_table("review_sample",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("fiscal_year", sa.Integer(), nullable=False),
        sa.Column("period_start", models.base.UtcDateTime(timezone=True), nullable=False),
        sa.Column("period_end", models.base.UtcDateTime(timezone=True), nullable=False),
        sa.Column("seed", sa.String(length=64), nullable=False),
        sa.Column("population", sa.JSON(), nullable=False), sa.Column("posts", sa.JSON(), nullable=False),
        sa.Column("drawn_by", sa.Integer(), nullable=False),
        sa.Column("drawn_at", models.base.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["drawn_by"], ["person.id"], name=op.f("fk_review_sample_drawn_by_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review_sample")),
        sa.UniqueConstraint("period_start", "period_end", name=op.f("uq_review_sample_period_start_period_end")),
    )
    op.create_table("survey",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("method", sa.String(length=300), nullable=False),
        sa.Column("fielded_from", sa.Date(), nullable=False),
        sa.Column("fielded_until", sa.Date(), nullable=False),
        sa.Column("reported_on", sa.Date(), nullable=True),
        sa.Column("respondents", sa.Integer(), nullable=False),
        sa.Column("recalling", sa.Integer(), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("file_sha256", sa.String(length=64), nullable=False),
        sa.Column("file_name", sa.String(length=200), nullable=False),
        sa.Column("recorded_by", sa.Integer(), nullable=False),
        sa.Column("recorded_at", models.base.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["recorded_by"], ["person.id"], name=op.f("fk_survey_recorded_by_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_survey")),
    )
    op.create_index(op.f("ix_survey_fielded_until"), "survey", ["fielded_until"])
    op.create_table("attestation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("fiscal_year", sa.Integer(), nullable=False),
        sa.Column("period_start", models.base.UtcDateTime(timezone=True), nullable=False),
        sa.Column("period_end", models.base.UtcDateTime(timezone=True), nullable=False),
        sa.Column("code", sa.String(length=10), nullable=False),
        sa.Column("statement", sa.JSON(), nullable=False),
        sa.Column("statement_sha256", sa.String(length=64), nullable=False),
        sa.Column("confirmed", sa.Boolean(), nullable=False),
        sa.Column("dissent", sa.Text(), nullable=False), sa.Column("run_id", sa.Integer(), nullable=True),
        sa.Column("signed_by", sa.Integer(), nullable=False),
        sa.Column("signer", sa.String(length=200), nullable=False),
        sa.Column("position", sa.String(length=200), nullable=False),
        sa.Column("signed_at", models.base.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["run_id"], ["evaluation_run.id"], name=op.f("fk_attestation_run_id_evaluation_run")),
        sa.ForeignKeyConstraint(["signed_by"], ["person.id"], name=op.f("fk_attestation_signed_by_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attestation")),
    )
    op.create_index(op.f("ix_attestation_period_start_period_end_code"), "attestation", ["period_start", "period_end", "code"])
    op.create_table("outside_mark",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("outside_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Enum("announce", "invite", "reminder", "event_day", "recap", "clarification", "correction", "general", name="postkind", native_enum=False, length=24), nullable=True),
        sa.Column("tags", sa.JSON(), nullable=False),
        sa.Column("marked_by", sa.Integer(), nullable=False),
        sa.Column("marked_at", models.base.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["marked_by"], ["person.id"], name=op.f("fk_outside_mark_marked_by_person")),
        sa.ForeignKeyConstraint(["outside_id"], ["outside_post.id"], name=op.f("fk_outside_mark_outside_id_outside_post")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outside_mark")),
    )
    op.create_index(op.f("ix_outside_mark_outside_id"), "outside_mark", ["outside_id"])
    op.create_table("correction",
        sa.Column("id", sa.Integer(), nullable=False), sa.Column("post_id", sa.Integer(), nullable=False),
        sa.Column("wrong", sa.String(length=300), nullable=False),
        sa.Column("noticed_at", models.base.UtcDateTime(timezone=True), nullable=False),
        sa.Column("corrected_at", models.base.UtcDateTime(timezone=True), nullable=True),
        sa.Column("recorded_by", sa.Integer(), nullable=False),
        sa.Column("recorded_at", models.base.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["post_id"], ["post.id"], name=op.f("fk_correction_post_id_post")),
        sa.ForeignKeyConstraint(["recorded_by"], ["person.id"], name=op.f("fk_correction_recorded_by_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_correction")),
    )
    op.create_index(op.f("ix_correction_post_id"), "correction", ["post_id"])
    op.create_table("post_mark",
        sa.Column("id", sa.Integer(), nullable=False), sa.Column("post_id", sa.Integer(), nullable=False),
        sa.Column("pillars", sa.JSON(), nullable=False), sa.Column("agencies", sa.JSON(), nullable=False),
        sa.Column("on_template", sa.Boolean(), nullable=True),
        sa.Column("marked_by", sa.Integer(), nullable=False),
        sa.Column("marked_at", models.base.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["marked_by"], ["person.id"], name=op.f("fk_post_mark_marked_by_person")),
        sa.ForeignKeyConstraint(["post_id"], ["post.id"], name=op.f("fk_post_mark_post_id_post")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_post_mark")),
    )
    op.create_index(op.f("ix_post_mark_post_id"), "post_mark", ["post_id"])
    op.create_table("sample_confirmation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("sample_id", sa.Integer(), nullable=False),
        sa.Column("post_id", sa.Integer(), nullable=False),
        sa.Column("agency", sa.String(length=200), nullable=False),
        sa.Column("confirmed_by", sa.String(length=200), nullable=False),
        sa.Column("correct", sa.Boolean(), nullable=False),
        sa.Column("remark", sa.String(length=500), nullable=False),
        sa.Column("recorded_by", sa.Integer(), nullable=False),
        sa.Column("recorded_at", models.base.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["post_id"], ["post.id"], name=op.f("fk_sample_confirmation_post_id_post")),
        sa.ForeignKeyConstraint(["recorded_by"], ["person.id"], name=op.f("fk_sample_confirmation_recorded_by_person")),
        sa.ForeignKeyConstraint(["sample_id"], ["review_sample.id"], name=op.f("fk_sample_confirmation_sample_id_review_sample")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sample_confirmation")),
    )
    op.create_index(op.f("ix_sample_confirmation_sample_id_post_id"), "sample_confirmation", ["sample_id", "post_id"])
    op.create_table("sample_score",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("sample_id", sa.Integer(), nullable=False),
        sa.Column("post_id", sa.Integer(), nullable=False),
        sa.Column("reviewer_id", sa.Integer(), nullable=False),
        sa.Column("clear", sa.Integer(), nullable=False),
        sa.Column("prominent", sa.Integer(), nullable=False),
        sa.Column("different", sa.Integer(), nullable=False),
        sa.Column("remark", sa.String(length=500), nullable=False),
        sa.Column("scored_at", models.base.UtcDateTime(timezone=True), nullable=False),
        sa.CheckConstraint("clear BETWEEN 1 AND 5 AND prominent BETWEEN 1 AND 5 AND different BETWEEN 1 AND 5", name=op.f("ck_sample_score_marks")),
        sa.ForeignKeyConstraint(["post_id"], ["post.id"], name=op.f("fk_sample_score_post_id_post")),
        sa.ForeignKeyConstraint(["reviewer_id"], ["person.id"], name=op.f("fk_sample_score_reviewer_id_person")),
        sa.ForeignKeyConstraint(["sample_id"], ["review_sample.id"], name=op.f("fk_sample_score_sample_id_review_sample")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sample_score")),
    )
    op.create_index(op.f("ix_sample_score_sample_id_post_id"), "sample_score", ["sample_id", "post_id"])
    op.create_table("sample_talk",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("sample_id", sa.Integer(), nullable=False),
        sa.Column("post_id", sa.Integer(), nullable=False),
        sa.Column("words", sa.String(length=1000), nullable=False),
        sa.Column("said_by", sa.Integer(), nullable=False),
        sa.Column("said_at", models.base.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["post_id"], ["post.id"], name=op.f("fk_sample_talk_post_id_post")),
        sa.ForeignKeyConstraint(["said_by"], ["person.id"], name=op.f("fk_sample_talk_said_by_person")),
        sa.ForeignKeyConstraint(["sample_id"], ["review_sample.id"], name=op.f("fk_sample_talk_sample_id_review_sample")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sample_talk")),
    )
    op.create_index(op.f("ix_sample_talk_sample_id_post_id"), "sample_talk", ["sample_id", "post_id"])
