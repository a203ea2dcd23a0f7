"""what citizens see: versions of items, downloads, restore samples; reference data put right

Revision: 0010, after: 0009
"""

import sqlalchemy as sa
from alembic import op

import models.base

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

MOMENT = models.base.UtcDateTime(timezone=True)
# these files had a public address before there was a word for it
OPEN_ITEMS = """
    UPDATE content_item SET opened_at = created_at
    WHERE asset_id IS NOT NULL AND category IN ('form', 'ebook', 'stats')
"""
OPEN_EVENTS = """
    UPDATE event SET opened_at = created_at
    WHERE public AND (
        state IN ('confirmed', 'held')
        OR id IN (SELECT event_id FROM post WHERE approved_revision IS NOT NULL AND event_id IS NOT NULL)
    )
"""


def upgrade() -> None:
    op.create_table(
        "reference_entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("values", sa.JSON(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("source", sa.String(length=300), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_reference_entry_person_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reference_entry")),
    )
    op.create_index(op.f("ix_reference_entry_kind_code_id"), "reference_entry", ["kind", "code", "id"])
    op.create_table(
        "content_version",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("data", sa.JSON(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("asset_id", sa.Integer(), nullable=True),
        sa.Column("why", sa.String(length=300), nullable=False),
        sa.Column("made_by", sa.Integer(), nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("opened_by", sa.Integer(), nullable=True),
        sa.Column("opened_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["asset_id"], ["asset.id"], name=op.f("fk_content_version_asset_id_asset")),
        sa.ForeignKeyConstraint(
            ["item_id"], ["content_item.id"], name=op.f("fk_content_version_item_id_content_item")
        ),
        sa.ForeignKeyConstraint(["made_by"], ["person.id"], name=op.f("fk_content_version_made_by_person")),
        sa.ForeignKeyConstraint(
            ["opened_by"], ["person.id"], name=op.f("fk_content_version_opened_by_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_content_version")),
        sa.UniqueConstraint("item_id", "number", name=op.f("uq_content_version_item_id_number")),
    )
    op.create_table(
        "download_count",
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["item_id"], ["content_item.id"], name=op.f("fk_download_count_item_id_content_item")
        ),
        sa.PrimaryKeyConstraint("item_id", "day", name=op.f("pk_download_count")),
    )
    op.create_table(
        "post_words",
        sa.Column("post_id", sa.Integer(), nullable=False),
        sa.Column("search_key", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["post_id"], ["post.id"], name=op.f("fk_post_words_post_id_post")),
        sa.PrimaryKeyConstraint("post_id", name=op.f("pk_post_words")),
    )
    op.create_table(
        "restore_check",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("checked_at", MOMENT, nullable=False),
        sa.Column("ok", sa.Boolean(), nullable=False),
        sa.Column("problem", sa.String(length=40), nullable=False),
        sa.Column("pages", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["item_id"], ["content_item.id"], name=op.f("fk_restore_check_item_id_content_item")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_restore_check")),
    )
    op.create_index(op.f("ix_restore_check_checked_at"), "restore_check", ["checked_at"])
    op.create_index(op.f("ix_restore_check_item_id_checked_at"), "restore_check", ["item_id", "checked_at"])
    with op.batch_alter_table("content_item") as batch:
        batch.add_column(sa.Column("event_id", sa.Integer(), nullable=True))
        batch.add_column(sa.Column("details", sa.JSON(), server_default="{}", nullable=False))
        batch.add_column(sa.Column("version", sa.Integer(), server_default="1", nullable=False))
        batch.add_column(sa.Column("changed_at", MOMENT, nullable=True))
        batch.add_column(sa.Column("opened_at", MOMENT, nullable=True))
        batch.add_column(sa.Column("search_key", sa.Text(), nullable=True))
        batch.create_index(batch.f("ix_content_item_event_id"), ["event_id"])
        batch.create_index(batch.f("ix_content_item_item_date"), ["item_date"])
        batch.create_foreign_key(batch.f("fk_content_item_event_id_event"), "event", ["event_id"], ["id"])
    op.add_column("event", sa.Column("opened_at", MOMENT, nullable=True))
    op.add_column("event", sa.Column("search_key", sa.Text(), nullable=True))
    op.add_column("link_check", sa.Column("pages", sa.Integer(), nullable=True))
    op.execute(OPEN_ITEMS)
    op.execute(OPEN_EVENTS)


def downgrade() -> None:
    op.drop_column("link_check", "pages")
    op.drop_column("event", "search_key")
    op.drop_column("event", "opened_at")
    with op.batch_alter_table("content_item") as batch:
        batch.drop_constraint(batch.f("fk_content_item_event_id_event"), type_="foreignkey")
        batch.drop_index(batch.f("ix_content_item_item_date"))
        batch.drop_index(batch.f("ix_content_item_event_id"))
        for name in ("search_key", "opened_at", "changed_at", "version", "details", "event_id"):
            batch.drop_column(name)
    for table in ("restore_check", "post_words", "download_count", "content_version", "reference_entry"):
        op.drop_table(table)
