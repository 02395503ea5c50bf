"""The app's settings, read once when it is made. Raises GocNhinError for values of no use."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from ipaddress import IPv6Address, ip_address, ip_network

from limits import parse_many
from limits.errors import ConfigurationError
from limits.storage import storage_from_string

from crawler.config import setting
from crawler.errors import GocNhinError

# Not `is_private`, which is true of documentation networks too.
_LOCAL = tuple(map(ip_network, ("127.0.0.0/8", "::1/128", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7")))


@dataclass(frozen=True, slots=True)
class AppSettings:
    """`rate_limit` as Flask-Limiter writes it, None without one, and where it counts; `hosts` empty allows any name."""

    rate_limit: str | None
    hosts: tuple[str, ...]
    proxies: int
    full_texts_local: bool
    rate_storage: str = "memory://"

    @classmethod
    def read(cls) -> AppSettings:
        """From the environment."""
        hosts = tuple(host.strip() for host in setting("GOC_NHIN_HOSTS").split(",") if host.strip())
        local = _one_of("GOC_NHIN_FULLTEXT", ("all", "local")) == "local"
        return cls(_rate_limit(), hosts, _proxies(), local, _rate_storage())

    def may_read(self, address: str | None) -> bool:
        """Whether whoever asks from this address is given full texts."""
        return not self.full_texts_local or is_local(address)


def is_local(address: str | None) -> bool:
    """Whether an address is this machine's or of a private network (RFC 1918, RFC 4193)."""
    try:
        asker = ip_address(address or "")
    except ValueError:
        return False
    if isinstance(asker, IPv6Address) and asker.ipv4_mapped:
        asker = asker.ipv4_mapped
    return any(asker in network for network in _LOCAL)


def _rate_limit() -> str | None:
    value = setting("GOC_NHIN_RATE_LIMIT")
    if value == "off":
        return None
    try:
        parse_many(value)
    except ValueError as error:
        raise GocNhinError(f"GOC_NHIN_RATE_LIMIT is “{value}”: write a rate like 60/minute, or off") from error
    return value


def _rate_storage() -> str:
    value = setting("GOC_NHIN_RATE_STORAGE")
    try:
        storage_from_string(value)
    except (ConfigurationError, ValueError) as error:
        # Not repeated: an address may hold a password.
        raise GocNhinError("GOC_NHIN_RATE_STORAGE names no store: write memory:// or redis://host:6379") from error
    return value


def _proxies() -> int:
    value = setting("GOC_NHIN_PROXIES")
    if not (value.isascii() and value.isdecimal() and int(value) <= 9):
        raise GocNhinError(f"GOC_NHIN_PROXIES is “{value}”: write how many proxies stand before the app, 0 to 9")
    return int(value)


def _one_of(name: str, allowed: Sequence[str]) -> str:
    value = setting(name)
    if value not in allowed:
        raise GocNhinError(f"{name} is “{value}”: write {' or '.join(allowed)}")
    return value
