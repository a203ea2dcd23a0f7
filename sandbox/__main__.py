"""`python -m sandbox --port N --data DIR`: run the stand-in platforms."""

import argparse
import sys
from pathlib import Path

from sandbox.config import Config
from sandbox.server import listen, serve


def main() -> int:
    """Parse the command line and serve; 0 after a clean stop, 1 when the port is taken."""
    args = _parser().parse_args()
    try:
        listener = listen(args.host, args.port)
    except OSError as exc:
        sys.stderr.write(f"sandbox: cannot listen on {args.host}:{args.port}: {exc.strerror}\n")
        return 1
    serve(Config(args.data, args.seed, fsync=args.fsync, citizens=args.citizens), listener)
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m sandbox", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default %(default)s)")
    parser.add_argument(
        "--port", type=int, default=8090, help="port, 0 for any free one (default %(default)s)"
    )
    parser.add_argument("--data", type=Path, required=True, help="folder of the ledger and the media")
    parser.add_argument("--seed", type=int, default=2564, help="what ids and audiences grow from")
    parser.add_argument("--citizens", type=int, default=0, help="how many people answer each post")
    parser.add_argument("--fsync", action="store_true", help="force each ledger line to the disk")
    return parser


if __name__ == "__main__":
    sys.exit(main())
