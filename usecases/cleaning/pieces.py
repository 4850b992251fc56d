"""Following a file piece by piece, never beyond its end."""


class BrokenImageError(Exception):
    """An image's file that does not go on as its kind has to."""


class Cursor:
    """A place in a file, which moves on with what is taken.

    Args:
        data: the whole file.
        at: where to begin.
    """

    def __init__(self, data: bytes, at: int = 0) -> None:
        self._data = data
        self.at = at

    @property
    def is_done(self) -> bool:
        """Whether nothing is left."""
        return self.at >= len(self._data)

    def take(self, size: int) -> bytes:
        """The next bytes, exactly so many.

        Raises:
            BrokenImageError: there are fewer.
        """
        end = self.at + size
        if end > len(self._data):
            raise BrokenImageError
        taken = self._data[self.at : end]
        self.at = end
        return taken

    def byte(self) -> int:
        """The next byte, as a number.

        Raises:
            BrokenImageError: there is none.
        """
        return self.take(1)[0]
