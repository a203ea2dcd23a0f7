"""what pictures, GIFs and videos are, and where their originals and previews lie

Revision: 0013, after: 0012
"""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

KIND = sa.Enum("image", "gif", "video", name="mediakind", native_enum=False, length=24)


def upgrade() -> None:
    op.create_table(
        "media_facts",
        sa.Column("asset_id", sa.Integer(), nullable=False),
        sa.Column("kind", KIND, nullable=False),
        sa.Column("duration_ms", sa.Integer(), nullable=True),
        sa.Column("frames", sa.Integer(), nullable=True),
        sa.Column("frames_per_1000_s", sa.Integer(), nullable=True),
        sa.Column("video_codec", sa.String(length=40), nullable=False),
        sa.Column("audio_codec", sa.String(length=40), nullable=False),
        sa.Column("original_sha256", sa.String(length=64), nullable=False),
        sa.Column("original_mime", sa.String(length=60), nullable=False),
        sa.Column("original_size", sa.Integer(), nullable=False),
        sa.Column("preview_sha256", sa.String(length=64), nullable=False),
        sa.Column("examined_by", sa.String(length=20), nullable=False),
        sa.ForeignKeyConstraint(["asset_id"], ["asset.id"], name=op.f("fk_media_facts_asset_id_asset")),
        sa.PrimaryKeyConstraint("asset_id", name=op.f("pk_media_facts")),
    )


def downgrade() -> None:
    op.drop_table("media_facts")
