"""what is looked at next, of thousands that a restore or an outage left unclear

Revision: 0018, after: 0017
"""

from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_delivery_next", "delivery", ["state", "next_at"])


def downgrade() -> None:
    op.drop_index("ix_delivery_next", "delivery")
