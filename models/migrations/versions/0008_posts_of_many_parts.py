"""posts of many parts: several pictures, threads, polls, a first comment

Revision: 0008, after: 0007
"""

import sqlalchemy as sa
from alembic import op

import models.base

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

WHO_MAY = ("everyone", "following", "mentionedUsers", "subscribers", "verified")


def upgrade() -> None:
    _posts()
    _deliveries()


def downgrade() -> None:
    with op.batch_alter_table("staged_media", schema=None) as batch_op:
        batch_op.drop_column("busy_until")
        batch_op.drop_column("resume")
    op.execute("DELETE FROM staged_media WHERE remote_id IS NULL")
    with op.batch_alter_table("staged_media", schema=None) as batch_op:
        batch_op.alter_column("remote_id", existing_type=sa.String(length=80), nullable=False)
    op.drop_index("ix_delivery_follows", "delivery")
    op.drop_column("delivery", "follows_id")
    op.drop_column("delivery", "part")
    with op.batch_alter_table("post_variant", schema=None) as batch_op:
        batch_op.drop_column("thread")
    with op.batch_alter_table("post", schema=None) as batch_op:
        batch_op.add_column(sa.Column("asset_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("alt_text", sa.String(length=1000), nullable=False, server_default=""))
        batch_op.create_foreign_key("fk_post_asset_id_asset", "asset", ["asset_id"], ["id"])
        for name in ("first_comment", "reply_settings", "poll"):
            batch_op.drop_column(name)
    first = "FROM post_media AS m WHERE m.post_id = post.id AND m.position = 1"
    op.execute(
        f"UPDATE post SET asset_id = (SELECT m.asset_id {first}),"  # noqa: S608 -- constant words
        f" alt_text = COALESCE((SELECT m.alt_text {first}), '')"
    )
    op.drop_table("post_media")


def _posts() -> None:
    op.create_table(
        "post_media",
        sa.Column("post_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("asset_id", sa.Integer(), nullable=False),
        sa.Column("alt_text", sa.String(length=1000), nullable=False),
        sa.ForeignKeyConstraint(["asset_id"], ["asset.id"], name=op.f("fk_post_media_asset_id_asset")),
        sa.ForeignKeyConstraint(["post_id"], ["post.id"], name=op.f("fk_post_media_post_id_post")),
        sa.PrimaryKeyConstraint("post_id", "position", name=op.f("pk_post_media")),
    )
    op.execute(
        "INSERT INTO post_media (post_id, position, asset_id, alt_text)"
        " SELECT id, 1, asset_id, alt_text FROM post WHERE asset_id IS NOT NULL"
    )
    who_may = sa.Enum(*WHO_MAY, name="replysettings", native_enum=False, length=24)
    with op.batch_alter_table("post", schema=None) as batch_op:
        batch_op.add_column(sa.Column("poll", sa.JSON(none_as_null=True), nullable=True))
        batch_op.add_column(sa.Column("reply_settings", who_may, server_default="everyone", nullable=False))
        batch_op.add_column(sa.Column("first_comment", sa.Text(), server_default="", nullable=False))
        batch_op.drop_constraint("fk_post_asset_id_asset", type_="foreignkey")
        batch_op.drop_column("asset_id")
        batch_op.drop_column("alt_text")
    with op.batch_alter_table("post_variant", schema=None) as batch_op:
        batch_op.add_column(sa.Column("thread", sa.JSON(), server_default="[]", nullable=False))


def _deliveries() -> None:
    with op.batch_alter_table("delivery", schema=None) as batch_op:
        batch_op.add_column(sa.Column("part", sa.Integer(), server_default="1", nullable=False))
    # in this form both databases add the column where it stands: a table built anew would lose its partial index
    op.execute(
        "ALTER TABLE delivery ADD COLUMN follows_id INTEGER"
        " CONSTRAINT fk_delivery_follows_id_delivery REFERENCES delivery (id)"
    )
    op.create_index(
        "ix_delivery_follows", "delivery", ["follows_id"],
        sqlite_where=sa.text("follows_id IS NOT NULL"), postgresql_where=sa.text("follows_id IS NOT NULL"),
    )  # fmt: skip
    with op.batch_alter_table("staged_media", schema=None) as batch_op:
        batch_op.alter_column("remote_id", existing_type=sa.String(length=80), nullable=True)
        batch_op.add_column(sa.Column("resume", sa.String(length=500), server_default="", nullable=False))
        batch_op.add_column(sa.Column("busy_until", models.base.UtcDateTime(timezone=True), nullable=True))
