"""Which cluster, and which index on it: what GOC_NHIN_SEARCH names."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from crawler.config import setting
from crawler.errors import GocNhinError

_ALIAS = re.compile(r"[a-z0-9][a-z0-9_.-]{0,99}")
"""What may name an index, and more follow. Source: OpenSearch's documentation, “Create index”, naming restrictions."""
_WRITE = "write whoosh, or http://host1:9200,http://host2:9200/index"


class BadPlace(GocNhinError):
    """A setting that names no cluster; the message says which, and never a password."""


@dataclass(frozen=True, slots=True)
class Where:
    """The nodes' addresses, without paths; the alias that names the index; who asks, and by which authority's word.

    `ca` is a file of certificates that are believed, None for those the system believes.
    """

    hosts: tuple[str, ...]
    alias: str
    user: str = ""
    password: str = field(default="", repr=False)
    ca: Path | None = None

    @classmethod
    def read(cls) -> Where:
        """From the environment. Raises BadPlace."""
        hosts, alias = _parted(setting("GOC_NHIN_SEARCH"))
        user, password, ca = (setting(f"GOC_NHIN_SEARCH_{name}") for name in ("USER", "PASSWORD", "CA"))
        if bool(user) != bool(password):
            raise BadPlace("GOC_NHIN_SEARCH_USER and GOC_NHIN_SEARCH_PASSWORD: give both or neither")
        if ca and not Path(ca).is_file():
            raise BadPlace(f"GOC_NHIN_SEARCH_CA is “{ca}”: there is no such file")
        return cls(hosts, alias, user, password, Path(ca) if ca else None)


def _parted(given: str) -> tuple[tuple[str, ...], str]:
    """The last address has the index as its path, or each has the same."""
    hosts, aliases = [], set()
    for address in given.split(","):
        parts = urlsplit(address.strip())
        if "@" in parts.netloc:
            raise BadPlace("GOC_NHIN_SEARCH holds a password: give it as GOC_NHIN_SEARCH_USER and …_PASSWORD")
        if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment:
            raise BadPlace(f"GOC_NHIN_SEARCH is “{given}”: {_WRITE}")
        hosts.append(f"{parts.scheme}://{parts.netloc}")
        aliases.update({parts.path.strip("/")} - {""})
    if len(aliases) != 1 or not _ALIAS.fullmatch(alias := aliases.pop()):
        raise BadPlace(f"GOC_NHIN_SEARCH is “{given}”: it has to name one index, in small letters; {_WRITE}")
    return tuple(hosts), alias
