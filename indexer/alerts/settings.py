"""ALERTS.toml → the searches that are kept, and whom to tell of what is new to them."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from crawler.errors import GocNhinError
from indexer.errors import BadQuery
from indexer.query.parameters import PARAMETERS, SearchRequest
from indexer.query.parser import parse

_HTTP = re.compile(r"https?://[!-~]+")
_ATOM, _LABEL = r"[\w!#$%&'*+/=?^`{|}~-]+", r"[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?"
_MAIL = re.compile(rf"{_ATOM}(?:\.{_ATOM})*@{_LABEL}(?:\.{_LABEL})*", re.ASCII)
"""An address without quotes or comments (RFC 5322, 3.4.1: dot-atoms) at a host's name."""
WAYS = ("mail", "webhook", "ndjson")
SEARCH = {one.name: one for one in PARAMETERS if one.name != "since_change"}


class BadAlerts(GocNhinError):
    """A file of alerts that cannot be used; the message says where and what to write."""


@dataclass(frozen=True, slots=True)
class Smtp:
    """A mail server: `security` is `none`, `starttls` or `tls`; without `user` nobody logs in."""

    sender: str
    host: str = "localhost"
    port: int = 25
    security: str = "none"
    user: str = ""
    password_file: Path | None = None


@dataclass(frozen=True, slots=True)
class Alert:
    """A kept search under its name, and one way to tell of it: a mail address, one to post to, or a file."""

    name: str
    request: SearchRequest
    mail: str = ""
    webhook: str = ""
    ndjson: Path | None = None

    @property
    def key(self) -> str:
        """What it is remembered by: each addressee is told alone, so that one refused costs no other."""
        return f"{self.name} <{self.mail}>" if self.mail else self.name


@dataclass(frozen=True, slots=True)
class Alerts:
    """A file of alerts; `link` is where the search app is served, "" if mails shall not lead there."""

    alerts: tuple[Alert, ...]
    smtp: Smtp | None = None
    link: str = ""


def read_alerts(file: Path) -> Alerts:
    """The alerts of a file; other files are looked for beside it. Raises BadAlerts."""
    try:
        given = tomllib.loads(file.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise BadAlerts(f"{file.name} cannot be read as TOML: {error}") from error
    _only(file.name, given, ("alert", "smtp", "link"))
    found = given.get("alert")
    if not isinstance(found, list) or not all(isinstance(one, dict) for one in found) or not found:
        raise BadAlerts(f'{file.name} has no alert: write [[alert]], name = "…", q = "…", and mail, webhook or ndjson')
    smtp = _smtp(file, given["smtp"]) if "smtp" in given else None
    names = [str(one.get("name", "")) for one in found]
    alerts = tuple(alert for number, one in enumerate(found, 1) for alert in _alerts(file, number, one))
    if twice := [name for name in names if names.count(name) > 1]:
        raise BadAlerts(f"{file.name}: two alerts are called “{twice[0]}”: give each a name of its own")
    if not smtp and any(alert.mail for alert in alerts):
        raise BadAlerts(f'{file.name}: an alert goes by mail: write [smtp], sender = "…", host = "…"')
    return Alerts(alerts, smtp, _text(file.name, "link", given.get("link", "")))


def _alerts(file: Path, number: int, given: Mapping[str, Any]) -> Iterator[Alert]:
    """An alert of the file; of one by mail, one for each address."""
    where = f"{file.name}, alert {number}"
    _only(where, given, ("name", *WAYS, *SEARCH))
    name = _text(where, "name", given.get("name", ""))
    ways = [way for way in WAYS if given.get(way)]
    if not name or len(ways) != 1:
        raise BadAlerts(f"{where}: write a name, and one of {', '.join(WAYS)}")
    asked = {key: value if isinstance(value, list) else [value] for key, value in given.items() if key in SEARCH}
    try:
        request = SearchRequest.read({key: [str(one) for one in values] for key, values in asked.items()})
        parse(request.q)
    except BadQuery as error:
        raise BadAlerts(f"{where} (“{name}”): {error}") from error
    mail = given.get("mail", [])
    ndjson = _text(where, "ndjson", given.get("ndjson", ""))
    webhook = _text(where, "webhook", given.get("webhook", ""))
    if webhook and not _HTTP.fullmatch(webhook):
        said = "write an address that begins with https:// or http://, other letters and blanks as %XX"
        raise BadAlerts(f"{where}: webhook is “{webhook}”: {said}")
    addresses = [_address(where, "mail", one) for one in (mail if isinstance(mail, list) else [mail])]
    for address in dict.fromkeys(addresses) if mail else [""]:
        yield Alert(name, request, address, webhook, file.parent / ndjson if ndjson else None)


def _smtp(file: Path, given: Any) -> Smtp:
    where = f"{file.name}, smtp"
    if not isinstance(given, dict) or not given.get("sender"):
        raise BadAlerts(f'{where}: write [smtp], sender = "goc-nhin@…", host = "…"')
    _only(where, given, tuple(Smtp.__dataclass_fields__))
    port, security = given.get("port", 25), given.get("security", "none")
    if type(port) is not int or not 0 < port < 65536 or security not in ("none", "starttls", "tls"):
        raise BadAlerts(f"{where}: port is a number up to 65535, security one of none, starttls, tls")
    secret = _text(where, "password_file", given.get("password_file", ""))
    return Smtp(
        _address(where, "sender", given["sender"]),
        _text(where, "host", given.get("host", "localhost")),
        port,
        security,
        _text(where, "user", given.get("user", "")),
        file.parent / secret if secret else None,
    )


def _address(where: str, name: str, value: Any) -> str:
    if not _MAIL.fullmatch(_text(where, name, value)):
        raise BadAlerts(f'{where}: {name} is “{value}”: write one address, "name@newspaper.example"')
    return str(value)


def _only(where: str, given: Mapping[str, Any], known: tuple[str, ...]) -> None:
    for name in given:
        if name not in known:
            raise BadAlerts(f"{where}: “{name}” is unknown: allowed are {', '.join(known)}")


def _text(where: str, name: str, value: Any) -> str:
    if not isinstance(value, str) or "\n" in value or "\r" in value:
        raise BadAlerts(f'{where}: {name} is a text on one line: {name} = "…"')
    return value
