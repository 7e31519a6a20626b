"""What looks like a secret: by the words of its name, or by the form of its value."""

import re

from planspec.plan import MISSING, json_document
from planspec.policies import Secrets

# What the application puts in when it starts, such as ${DB_PASSWORD}, is no secret.
_LOGIN_IN_URL = re.compile(
    r"://[^/\s:@]*:(?!(?:\$\{[^}]*\}|\$\([^)]*\)|\{\{[^}]*\}\}|<[^>]*>)@)[^/\s@]+@"
)
_WORD_BOUNDARY = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
# PGPASSWORD and MYSQLPASSWORD hold the word at their end; a shorter word, such as PASS, would
# make a secret of BYPASS.
_SHORTEST_ENDING = 5
# What is a credential by its form. Sources: AWS IAM User Guide, "Understanding unique ID prefixes";
# Stripe, "API keys"; GitHub, "Token types"; GitLab, "Token prefixes"; Slack, "Token types" and
# "Sending messages using incoming webhooks"; Discord, "Webhook resource"; Microsoft Teams, "Create an
# Incoming Webhook"; Google Cloud, "API keys"; npm and PyPI, "token format"; RFC 7468 (private keys);
# RFC 7519 (JWT).
_FORMS = re.compile(
    r"\b(?:AKIA|ASIA)[A-Z0-9]{16}\b"
    r"|\b[rs]k_(?:live|test)_[0-9A-Za-z]{10,}"
    r"|\bgh[pousr]_[0-9A-Za-z]{30,}|\bgithub_pat_\w{20,}"
    r"|\bglpat-[\w-]{20,}"
    r"|\bxox[a-z]-[0-9A-Za-z-]{10,}"
    r"|\bAIza[\w-]{35}"
    r"|\bsk-(?:proj-|ant-)?[\w-]{20,}"
    r"|\bSG\.[\w-]{16,}\.[\w-]{16,}"
    r"|\bnpm_[0-9A-Za-z]{36}|\bpypi-AgEI[\w-]{10,}"
    r"|-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----"
    r"|\beyJ[\w-]{10,}\.eyJ[\w-]{10,}\.[\w-]{10,}"
    r"|\bhooks\.slack\.com/(?:services|workflows|triggers)/\w+/\S+"
    r"|\bdiscord(?:app)?\.com/api/webhooks/\d+/[\w-]+"
    r"|\.webhook\.office\.com/webhookb2/\S+"
    r"|\bBearer\s+[\w.~+/-]{16,}"
    r"|\bAuthorization[\"']?\s*[=:]\s*[\"']?(?:Basic|Bearer|Token)\s+(?![$<{])\S{6,}"
    r"|[?&](?:access_token|api_?key|sig|token|secret|password)=(?![$<{&])[^&\s]{6,}",
    re.ASCII,
)
# --password=x, --password x, -Ddb.password=x and PGPASSWORD=x; what a shell puts in is no secret here.
_OPTION = re.compile(r"-{1,2}[\w.-]*\w")
_GIVEN = re.compile(rf"(?:^|[\s;&|(\"'])({_OPTION.pattern})(?:=|\s+)[\"']?[^\s\"'${{<-]", re.ASCII)
_ASSIGNED = re.compile(r"(?:^|[\s;&|(\"'])([A-Za-z_]\w*)=[\"']?[^\s\"'${<]", re.ASCII)
# Where a secret is kept, and what a switch says, are no secrets.
_NO_SECRETS = re.compile(r"arn:aws[\w-]*:(?:secretsmanager|ssm|kms):\S+|true|false|", re.IGNORECASE)


def holds_secret(name: str, content: object, settings: Secrets, *, within: bool = False) -> bool:
    """Whether what has this name is or holds a secret, at any depth of objects, lists and JSON texts.

    The names of its parts count, also where a part is a pair of `name` and `value`; `within`: it is part
    of something that a name calls a secret. The ARN of a secret is none, and neither is a switch.
    """
    named = is_secret_name(name, settings) or (within and not _is_harmless(name, settings))
    match content:
        case {"name": str(own), "value": value, **others}:
            return holds_secret(own, value, settings, within=named) or holds_secret(
                name, others, settings, within=within
            )
        case dict():
            parts = content.items()
            return any(holds_secret(str(key), part, settings, within=named) for key, part in parts)
        case list():
            return any(holds_secret(name, part, settings, within=within) for part in content)
        case str():
            document = json_document(content)
            if document is not MISSING:
                return holds_secret(name, document, settings, within=within)
            told = named and not _NO_SECRETS.fullmatch(content)
            return told or text_holds_secret(content, settings)
        case None | bool():
            return False
        case _:
            return named


def is_secret_name(name: str, settings: Secrets) -> bool:
    """Whether the name says that a secret stands there."""
    joined = _joined(name)
    secret = any(_is_in(word.upper(), joined) for word in settings.words)
    return secret and not _is_harmless(name, settings)


def _is_harmless(name: str, settings: Secrets) -> bool:
    """Whether the name says that it is only about a secret; one word or several of the kind."""
    joined = _joined(name)
    words = [word.upper() for word in settings.harmless_words]
    return any(f"_{word}{ending}_" in joined for word in words for ending in ("", "S"))


def _joined(name: str) -> str:
    """The words of a name in capitals, with one sign before, between and after them."""
    words = re.split(r"[^A-Z]+", _WORD_BOUNDARY.sub("_", name).upper())
    return f"_{'_'.join(words)}_"


def _is_in(word: str, joined: str) -> bool:
    beginning = "" if len(word) >= _SHORTEST_ENDING else "_"
    return f"{beginning}{word}_" in joined


def is_secret_value(value: str) -> bool:
    """Whether the text is a URL with a login, or has the form of a credential."""
    return bool(_LOGIN_IN_URL.search(value) or _FORMS.search(value))


def asks_for_secret(word: str, settings: Secrets) -> bool:
    """Whether a word is an option that takes a secret: --password, and not --password-stdin."""
    ends = any(_joined(word).endswith(f"_{each.upper()}_") for each in settings.words)
    return ends and bool(_OPTION.fullmatch(word)) and is_secret_name(word, settings)


def text_holds_secret(word: str, settings: Secrets) -> bool:
    """Whether a word of a command holds a secret; a whole script may be one word."""
    return (
        is_secret_value(word)
        or any(asks_for_secret(each, settings) for each in _GIVEN.findall(word))
        or any(is_secret_name(each, settings) for each in _ASSIGNED.findall(word))
    )
