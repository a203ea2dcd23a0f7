"""A file as a person hands it in, read in pieces or whole."""

from dataclasses import dataclass, field
from io import BytesIO
from typing import BinaryIO

from core.errors import BadInput
from services.filetypes import HEAD, TAIL

MB = 1024 * 1024


class FileTooBig(BadInput):
    """A file is larger than what is taken."""

    code = "file_too_big"
    status = 413


@dataclass(frozen=True)
class Upload:
    """A file as it came: its name, its bytes or an open reader of them, whose rights, from where.

    declared: the type that the browser names; empty: none named. refused_mb: the limit that the request was
    over, so that nothing of the file was read; None where it was read.
    """

    name: str
    content: bytes | BinaryIO = field(repr=False)
    rights: str = ""
    source: str = ""
    declared: str = ""
    refused_mb: int | None = None

    @property
    def stream(self) -> BinaryIO:
        """The reader, at the first byte; raises file_too_big for a file that was not read."""
        if self.refused_mb is not None:
            raise FileTooBig(field="file", limit_mb=self.refused_mb)
        stream = BytesIO(self.content) if isinstance(self.content, bytes) else self.content
        stream.seek(0)
        return stream

    @property
    def size(self) -> int:
        """How many bytes there are."""
        return self.stream.seek(0, 2)

    @property
    def data(self) -> bytes:
        """All bytes at once: for what is known to be small."""
        return self.stream.read()

    def ends(self) -> tuple[bytes, bytes]:
        """Return the first and the last bytes, as much as tells what a file is."""
        stream = self.stream
        head = stream.read(HEAD)
        stream.seek(max(0, self.size - TAIL))
        return head, stream.read(TAIL)

    def refuse_over(self, limit_mb: int) -> None:
        """Raise file_too_big."""
        if self.size > limit_mb * MB:
            raise FileTooBig(field="file", limit_mb=limit_mb)
