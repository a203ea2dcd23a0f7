"""connecting accounts, refreshing tokens, citizens' comments

Revision: 0009, after: 0008
"""

import sqlalchemy as sa
from alembic import op

import models.base

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "webhook_note",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column(
            "channel", sa.Enum("facebook", "x", name="channel", native_enum=False, length=24), nullable=False
        ),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("external_id", sa.String(length=40), nullable=False),
        sa.Column("post_id", sa.String(length=80), nullable=False),
        sa.Column("told_at", models.base.UtcDateTime(timezone=True), nullable=False),
        sa.Column("received_at", models.base.UtcDateTime(timezone=True), nullable=False),
        sa.Column("done_at", models.base.UtcDateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_webhook_note")),
        sa.UniqueConstraint("digest", name=op.f("uq_webhook_note_digest")),
    )
    with op.batch_alter_table("webhook_note", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_webhook_note_done_at"), ["done_at"], unique=False)

    op.create_table(
        "app_keys",
        sa.Column(
            "channel", sa.Enum("facebook", "x", name="channel", native_enum=False, length=24), nullable=False
        ),
        sa.Column("public_id", sa.String(length=100), nullable=False),
        sa.Column("key_id", sa.String(length=20), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("changed_at", models.base.UtcDateTime(timezone=True), nullable=False),
        sa.Column("changed_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["changed_by"], ["person.id"], name=op.f("fk_app_keys_changed_by_person")),
        sa.PrimaryKeyConstraint("channel", name=op.f("pk_app_keys")),
    )
    op.create_table(
        "handshake",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("state_sha256", sa.String(length=64), nullable=False),
        sa.Column("session_sha256", sa.String(length=64), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column(
            "channel", sa.Enum("facebook", "x", name="channel", native_enum=False, length=24), nullable=False
        ),
        sa.Column("key_id", sa.String(length=20), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", models.base.UtcDateTime(timezone=True), nullable=False),
        sa.Column("expires_at", models.base.UtcDateTime(timezone=True), nullable=False),
        sa.Column("used_at", models.base.UtcDateTime(timezone=True), nullable=True),
        sa.Column("closed_at", models.base.UtcDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_handshake_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_handshake")),
        sa.UniqueConstraint("state_sha256", name=op.f("uq_handshake_state_sha256")),
    )
    op.create_table(
        "comment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("delivery_id", sa.Integer(), nullable=False),
        sa.Column("remote_id", sa.String(length=80), nullable=False),
        sa.Column("author_hash", sa.String(length=64), nullable=False),
        sa.Column("body", sa.Text(), nullable=True),
        sa.Column(
            "state",
            sa.Enum(
                "waiting",
                "answered",
                "no_answer",
                "hidden",
                "gone",
                name="commentstate",
                native_enum=False,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("written_at", models.base.UtcDateTime(timezone=True), nullable=False),
        sa.Column("read_at", models.base.UtcDateTime(timezone=True), nullable=False),
        sa.Column("answered_at", models.base.UtcDateTime(timezone=True), nullable=True),
        sa.Column("settled_at", models.base.UtcDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_comment_account_id_account")),
        sa.ForeignKeyConstraint(
            ["delivery_id"], ["delivery.id"], name=op.f("fk_comment_delivery_id_delivery")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_comment")),
        sa.UniqueConstraint("account_id", "remote_id", name=op.f("uq_comment_account_id_remote_id")),
    )
    with op.batch_alter_table("comment", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_comment_state_written_at"), ["state", "written_at"], unique=False
        )

    op.create_table(
        "comment_look",
        sa.Column("delivery_id", sa.Integer(), nullable=False),
        sa.Column("next_at", models.base.UtcDateTime(timezone=True), nullable=True),
        sa.Column("read_at", models.base.UtcDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["delivery_id"], ["delivery.id"], name=op.f("fk_comment_look_delivery_id_delivery")
        ),
        sa.PrimaryKeyConstraint("delivery_id", name=op.f("pk_comment_look")),
    )
    with op.batch_alter_table("comment_look", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_comment_look_next_at"), ["next_at"], unique=False)

    op.create_table(
        "reply",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("comment_id", sa.Integer(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column(
            "state",
            sa.Enum("waiting", "returned", "approved", name="replystate", native_enum=False, length=24),
            nullable=False,
        ),
        sa.Column("author_id", sa.Integer(), nullable=False),
        sa.Column("written_at", models.base.UtcDateTime(timezone=True), nullable=False),
        sa.Column("decided_by", sa.Integer(), nullable=True),
        sa.Column("decided_at", models.base.UtcDateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("delivery_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["author_id"], ["person.id"], name=op.f("fk_reply_author_id_person")),
        sa.ForeignKeyConstraint(["comment_id"], ["comment.id"], name=op.f("fk_reply_comment_id_comment")),
        sa.ForeignKeyConstraint(["decided_by"], ["person.id"], name=op.f("fk_reply_decided_by_person")),
        sa.ForeignKeyConstraint(["delivery_id"], ["delivery.id"], name=op.f("fk_reply_delivery_id_delivery")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reply")),
        sa.UniqueConstraint("delivery_id", name=op.f("uq_reply_delivery_id")),
    )
    with op.batch_alter_table("account", schema=None) as batch_op:
        batch_op.add_column(sa.Column("probed_at", models.base.UtcDateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("access_until", models.base.UtcDateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("refresh_at", models.base.UtcDateTime(timezone=True), nullable=True))
        batch_op.add_column(
            sa.Column("refreshing_until", models.base.UtcDateTime(timezone=True), nullable=True)
        )
        batch_op.add_column(sa.Column("refreshed_at", models.base.UtcDateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("token_ends_at", models.base.UtcDateTime(timezone=True), nullable=True))
        batch_op.add_column(
            sa.Column("data_access_ends_at", models.base.UtcDateTime(timezone=True), nullable=True)
        )
        batch_op.add_column(sa.Column("ending_told", sa.Integer(), nullable=True))
        batch_op.add_column(
            sa.Column("disconnected_at", models.base.UtcDateTime(timezone=True), nullable=True)
        )

    with op.batch_alter_table("login_session", schema=None) as batch_op:
        batch_op.add_column(sa.Column("confirmed_at", models.base.UtcDateTime(timezone=True), nullable=True))


def downgrade() -> None:
    op.drop_column("login_session", "confirmed_at")
    op.drop_column("account", "disconnected_at")
    op.drop_column("account", "ending_told")
    op.drop_column("account", "data_access_ends_at")
    op.drop_column("account", "token_ends_at")
    op.drop_column("account", "refreshed_at")
    op.drop_column("account", "refreshing_until")
    op.drop_column("account", "refresh_at")
    op.drop_column("account", "access_until")
    op.drop_column("account", "probed_at")
    op.drop_table("reply")
    op.drop_table("comment_look")
    op.drop_table("comment")
    op.drop_table("handshake")
    op.drop_table("app_keys")
    op.drop_table("webhook_note")
