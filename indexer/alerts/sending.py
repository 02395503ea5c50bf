"""Ways to tell of new articles: mail, webhook, a file. Whoever gets a letter twice knows it by its name."""

from __future__ import annotations

import http.client
import json
import os
import smtplib
import ssl
import urllib.request
from collections.abc import Sequence
from email.message import EmailMessage
from email.utils import formatdate
from pathlib import Path

from crawler.article import Article
from crawler.dates import HANOI
from crawler.errors import GocNhinError
from indexer.alerts.outbox import Letter
from indexer.alerts.settings import Alert, Alerts, Smtp
from indexer.answers.page import brief


class _Stay(urllib.request.HTTPRedirectHandler):
    """Goes nowhere else: a POST that is led on becomes a GET, which tells nobody anything."""

    def redirect_request(self, *_: object) -> None:
        """No request instead, so that the answer is an error."""


_OPENER = urllib.request.build_opener(_Stay)
TIMEOUT = 30
"""Seconds for which a mail server or webhook is waited for."""


class NotSent(GocNhinError):
    """A letter that could not be sent; it is kept."""


def send(alerts: Alerts, alert: Alert, letter: Letter, articles: Sequence[Article]) -> None:
    """Tell of these articles in the alert's way. Raises NotSent."""
    try:
        if alert.mail and alerts.smtp:
            _mail(alerts.smtp, message(alerts.smtp, alert, letter, articles, alerts.link))
        elif alert.webhook:
            _post(alert, letter, articles)
        elif alert.ndjson:
            _append(alert.ndjson, lines(alert, letter, articles))
    except (OSError, ValueError, smtplib.SMTPException, http.client.HTTPException) as error:
        raise NotSent(f"“{alert.name}” could not be sent: {error}; it is kept for the next run") from error


def message(smtp: Smtp, alert: Alert, letter: Letter, articles: Sequence[Article], link: str) -> EmailMessage:
    """A mail with title, byline, lead and addresses of each article; no full texts."""
    mail = EmailMessage()
    mail["Subject"] = f"Góc nhìn: {len(articles)} bài mới: {alert.name}"
    mail["From"], mail["To"] = smtp.sender, alert.mail
    mail["Date"], mail["Message-ID"] = formatdate(), f"<{letter.name}@{smtp.sender.rpartition('@')[2]}>"
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content("\n\n".join([f"{len(articles)} bài mới: {alert.name}", *(_told(one, link) for one in articles)]))
    return mail


def lines(alert: Alert, letter: Letter, articles: Sequence[Article]) -> bytes:
    """NDJSON, a line an article, each with the alert's and the letter's name."""
    told = {"alert": alert.name, "letter": letter.name}
    return b"".join(f"{json.dumps({**told, **brief(one)}, ensure_ascii=False)}\n".encode() for one in articles)


def _told(article: Article, link: str) -> str:
    when = article.published_at.astimezone(HANOI)
    by = f"{when.day}/{when.month}/{when.year}{''.join(f', {name}' for name in article.authors)}"
    ours = f"\n{link.rstrip('/')}/article/{article.id}" if link else ""
    return f"{article.title}\n{by}\n{article.lead}\n{article.url}{ours}"


def _mail(smtp: Smtp, mail: EmailMessage) -> None:
    """Ends when the server has taken the mail over; its goodbye is not waited for."""
    context = ssl.create_default_context()
    if smtp.security == "tls":
        server: smtplib.SMTP = smtplib.SMTP_SSL(smtp.host, smtp.port, timeout=TIMEOUT, context=context)
    else:
        server = smtplib.SMTP(smtp.host, smtp.port, timeout=TIMEOUT)
    try:
        if smtp.security == "starttls":
            server.starttls(context=context)
        if smtp.user:
            server.login(smtp.user, smtp.password_file.read_text("utf-8").strip() if smtp.password_file else "")
        server.send_message(mail)
    finally:
        server.close()


def _post(alert: Alert, letter: Letter, articles: Sequence[Article]) -> None:
    told = {"alert": alert.name, "letter": letter.name, "articles": [brief(article) for article in articles]}
    headers = {"Content-Type": "application/json; charset=utf-8", "Idempotency-Key": letter.name}
    body = json.dumps(told, ensure_ascii=False).encode()
    asked = urllib.request.Request(alert.webhook, body, headers)  # noqa: S310 (read_alerts takes http and https only)
    with _OPENER.open(asked, timeout=TIMEOUT):
        pass  # any answer but success was raised


def _append(file: Path, text: bytes) -> None:
    """Add what a killed run has not added of it already."""
    with file.open("a+b") as out:
        whole = out.seek(0, os.SEEK_END)
        out.seek(max(0, whole - len(text)))
        tail = out.read()
        out.write(text[_begun(tail, text) :])
        out.flush()
        os.fsync(out.fileno())


def _begun(tail: bytes, text: bytes) -> int:
    """How much of a letter's lines a file ends with. No two lines are alike, so its first is there once, or in part."""
    first = text[: text.find(b"\n") + 1]
    start = tail.find(first)
    if start >= 0:
        there = len(tail) - start
        return there if tail[start:] == text[:there] else 0
    return next((n for n in range(min(len(first), len(tail)), 0, -1) if tail.endswith(first[:n])), 0)
