"""Write the next migration from what the models have new: `python3 dev.py migration "what it does"`."""

import sys
import tempfile
from pathlib import Path

from models import schema
from models.database import make_engine


def main() -> int:
    """Compare on an empty database at the newest version; write the next number's file."""
    if len(sys.argv) != 2:  # noqa: PLR2004 - the program and one message
        print('usage: python3 dev.py migration "what it does"')
        return 2
    with tempfile.TemporaryDirectory() as folder:
        engine = make_engine(f"sqlite:///{Path(folder) / 'empty.db'}")
        schema.upgrade(engine)
        if not schema.differences(engine):
            print("models and migrations agree: nothing to write")
            return 0
        schema.make_revision(engine, sys.argv[1], f"{int(schema.head() or 0) + 1:04d}")
        engine.dispose()
    print("written to models/migrations/versions/: read it, then `python3 dev.py test tests/models`")
    return 0


if __name__ == "__main__":
    sys.exit(main())
