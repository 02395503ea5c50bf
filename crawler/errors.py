"""The errors raised on purpose. Each text is one line that tells a person what to do."""


class GocNhinError(Exception):
    """Base of them all: the command line prints it as one line and exits with 1."""


class BadArticle(GocNhinError):
    """A record that is no Article: a field is missing or of the wrong kind."""


class NotAnArticle(GocNhinError):
    """A page without an article's title, date or text."""


class Incomplete(NotAnArticle):
    """A page of a known layout on which a field that every article has was not found."""

    def __init__(self, layout: str, field: str, reason: str) -> None:
        super().__init__(f"{layout}: {reason}")
        self.layout, self.field = layout, field


class BadLayouts(GocNhinError):
    """A file of layouts that cannot be used; the message names the place."""


class BadDate(GocNhinError):
    """Text that is no date in any known form."""


class Shrunk(GocNhinError):
    """A page whose text has become so short that it must not replace the one archived."""


class Doubtful(GocNhinError):
    """A doubtful reading that differs from the sound one archived, and must not replace it."""


class OtherArticle(GocNhinError):
    """A page, reached by a redirect, of a different article than the one asked for."""


class OutOfScope(GocNhinError):
    """An address that is not an article of the newspaper's own hosts."""


class BadListing(GocNhinError):
    """A section page or listing that cannot be read."""


class ArchiveError(GocNhinError):
    """The archive cannot be opened, read or written."""


class CrawlError(GocNhinError):
    """A crawl that could not go on, with the reason."""


class Locked(GocNhinError):
    """Another run holds the data directory's lock; nothing was changed."""


def to_translate(message: str) -> str:
    """The message; pybabel finds it by this name."""
    return message
