"""A form too large to take: its files are let pass unread, what was typed is kept."""

from email.message import Message
from typing import Final

from python_multipart.exceptions import MultipartParseError
from python_multipart.multipart import MultipartParser

MOST_TYPED: Final = 2 * 1024 * 1024


class Salvage:
    """Reads a multipart body piece by piece and gives back the same form with its files empty."""

    def __init__(self, content_type: str) -> None:
        """Begin; ValueError when the type names no multipart form."""
        said = Message()
        said["content-type"] = content_type
        boundary = said.get_param("boundary")
        if said.get_content_type() != "multipart/form-data" or not isinstance(boundary, str):
            raise ValueError(content_type)
        self._boundary = boundary.encode("latin-1")
        self._head, self._name, self._said = bytearray(), bytearray(), bytearray()
        self._is_file = False
        self._kept = bytearray()
        self._parser = MultipartParser(
            self._boundary,
            {
                "on_part_begin": self._begin,
                "on_header_field": self._field,
                "on_header_value": self._value,
                "on_header_end": self._line,
                "on_headers_finished": self._headers,
                "on_part_data": self._data,
                "on_part_end": self._end,
            },
        )

    def take(self, piece: bytes) -> None:
        """Read on; ValueError where it is no form, or where more was typed than anybody types."""
        try:
            self._parser.write(piece)
        except MultipartParseError as exc:
            raise ValueError("no form") from exc
        if len(self._kept) > MOST_TYPED:
            raise ValueError(len(self._kept))

    def body(self) -> bytes:
        """Return the form without the contents of its files."""
        return bytes(self._kept) + b"--" + self._boundary + b"--\r\n"

    def _begin(self) -> None:
        self._head.clear()

    def _field(self, data: bytes, start: int, end: int) -> None:
        self._name += data[start:end]

    def _value(self, data: bytes, start: int, end: int) -> None:
        self._said += data[start:end]

    def _line(self) -> None:
        self._head += self._name + b": " + self._said + b"\r\n"
        self._name.clear()
        self._said.clear()

    def _headers(self) -> None:
        self._is_file = b"filename" in bytes(self._head).lower()
        self._kept += b"--" + self._boundary + b"\r\n" + self._head + b"\r\n"

    def _data(self, data: bytes, start: int, end: int) -> None:
        if not self._is_file:
            self._kept += data[start:end]

    def _end(self) -> None:
        self._kept += b"\r\n"
