"""Which values of a policy fix the caller, so that all others are strangers to it?

Only fixed values do: no wildcard, no variable, under a key that tells one account, organisation,
network or source from another. Sources: Amazon S3 User Guide, "The meaning of public"; AWS IAM User
Guide, "AWS global condition context keys", "Configuring a role for GitHub OIDC identity provider".
"""

import ipaddress
import re
from collections.abc import Iterator, Sequence
from typing import Final

from planspec.access.operators import Condition, Network, Operand
from planspec.access.patterns import (
    ANY_ONE,
    ANY_RUN,
    ONE_IN_PART,
    RUN_IN_PART,
    Pattern,
    folded,
    is_open,
)

WHOLE: Final = frozenset(
    {
        *("aws:principalorgid", "aws:principalaccount", "aws:sourceaccount", "aws:sourceowner"),
        *("aws:sourceorgid", "aws:sourcevpc", "aws:sourcevpce", "kms:calleraccount"),
        *("s3:dataaccesspointaccount", "s3:x-amz-server-side-encryption-aws-kms-key-id"),
    }
)
ARNS: Final = frozenset({"aws:principalarn", "aws:sourcearn", "s3:dataaccesspointarn"})
PATHS: Final = frozenset({"aws:principalorgpaths", "aws:sourceorgpaths"})
ADDRESS: Final = "aws:sourceip"
USER: Final = "aws:userid"
# What a stranger can say or be as well as anybody. That the resource is ours says nothing of the caller.
_NOBODY: Final = re.compile(
    r"aws:(securetransport|referer|useragent|currenttime|epochtime|requestedregion|tagkeys|tokenissuetime"
    r"|multifactorauth.*|viaawsservice|calledvia.*|(principal|request|resource)tag/.*|principaltype"
    r"|resource(account|orgid|orgpaths))"
    r"|s3:(prefix|delimiter|max-keys|signature.*|authtype|tlsversion|versionid|locationconstraint"
    r"|x-amz-.*|(existing|request)objecttag.*)"
    r"|kms:(viaservice|grantoperations|encryptioncontext.*)|sns:(protocol|endpoint)|lambda:functionurlauthtype"
)
# Only a service that calls has these.
OF_SERVICES: Final = frozenset({"aws:principalservicename", "aws:principalservicenameslist"})
# True of a service, and of what has mounted the file system in its network, of no stranger. Source:
# Amazon EFS User Guide, "Blocking public access".
NOT_FOR_STRANGERS: Final = frozenset(
    {"aws:principalisawsservice", "elasticfilesystem:accessedviamounttarget"}
)
# The widest networks that are not public. Source: Amazon S3 User Guide, "The meaning of public".
_WIDEST: Final = {4: 8, 6: 32}
_PRIVATE: Final = (ipaddress.IPv6Network("fc00::/7"), ipaddress.IPv6Network("fe80::/10"))
_ACCOUNT: Final = re.compile(r"\d{12}")
# Identity providers that work for everybody who asks, by the host in their ARN: whoever has an account
# there gets a token. Source: AWS IAM User Guide, "Configuring a role for GitHub OIDC identity provider".
SHARED: Final = re.compile(
    r"token\.actions\.githubusercontent\.com|gitlab\.com|accounts\.google\.com|graph\.facebook\.com"
    r"|www\.amazon\.com|cognito-identity\.amazonaws\.com|app\.terraform\.io|agent\.buildkite\.com"
    r"|api\.bitbucket\.org/.*|oidc\.circleci\.com/.*"
)
# Of these the audience names the application; of the others everybody may ask for any audience.
BY_AUDIENCE: Final = re.compile(
    r"accounts\.google\.com|graph\.facebook\.com|www\.amazon\.com|cognito-.*"
)
# What a subject must begin with to name one repository, project or workspace.
_SUBJECT: Final = re.compile(
    r"repo:[^/:]+/[^/:]+:.*|project_path:[^:]+/[^:]+:.*|organization:[^:]+:project:[^:]+:.*"
    r"|organization:[^:]+:pipeline:[^:]+:.*"
)
Conditions = Sequence[Condition]


def is_known(key: str) -> bool:
    """Whether it can be told if a stranger may have this key."""
    # A key of AWS has a prefix; what has none is a part of the thing that is granted.
    told = key in WHOLE | ARNS | PATHS | OF_SERVICES | {ADDRESS, USER} | NOT_FOR_STRANGERS
    return told or ":" not in key or _NOBODY.fullmatch(key) is not None or _host_of(key) is not None


def _host_of(key: str) -> str | None:
    """Return the host of a shared identity provider whose subject or audience this key is."""
    host, _, claim = key.rpartition(":")
    return host if claim in {"sub", "aud"} and SHARED.fullmatch(host) else None


def fixed(key: str, asked: Conditions, *, whole_arns: bool, arn: bool = False) -> list[Operand]:
    """Return what the policy's own values on a key fix, as patterns in lower case."""
    found: list[Operand] = []
    for each in (operand for one in asked if one.key == key for operand in one.operands):
        if not isinstance(each, tuple) or is_open(each):
            continue
        pattern = _fixed_by(key, each, whole_arns=whole_arns, arn=arn)
        if pattern is not None:
            found.append(folded(pattern))
    return found


def _fixed_by(key: str, value: Pattern, *, whole_arns: bool, arn: bool) -> Pattern | None:
    if key in ARNS or arn:
        account = _account_of(value)
        if account is not None:
            return (ANY_RUN, ":", *account, ":", ANY_RUN)
        return value if whole_arns and _is_fixed(value) else None
    if key in PATHS:
        organisation = _until(value, "/")
        return (*organisation, "/", ANY_RUN) if _is_fixed(organisation) else None
    if key == USER and value[-2:] == (":", ANY_RUN):
        return value if _is_fixed(value[:-2]) else None
    return value if _is_fixed(value) else None


def _is_fixed(value: Pattern) -> bool:
    signs = {ANY_RUN, ANY_ONE, RUN_IN_PART, ONE_IN_PART}
    return bool(value) and not any(each in signs for each in value)


def _until(value: Pattern, sign: str) -> Pattern:
    return value[: value.index(sign)] if sign in value else value


def _account_of(arn: Pattern) -> Pattern | None:
    colons = [position for position, letter in enumerate(arn) if letter == ":"]
    if len(colons) < 5:
        return None
    part = arn[colons[3] + 1 : colons[4]]
    return part if _ACCOUNT.fullmatch("".join(part)) else None


def narrow_networks(condition: Condition) -> Iterator[Network]:
    """Yield the networks of a condition that are not as wide as the Internet."""
    for each in condition.operands:
        if isinstance(each, ipaddress.IPv4Network | ipaddress.IPv6Network):
            private = isinstance(each, ipaddress.IPv6Network) and any(map(each.subnet_of, _PRIVATE))
            if private or each.prefixlen >= _WIDEST[each.version]:
                yield each


def named_subjects(host: str, asked: Conditions, by_audience: bool) -> list[Operand]:
    """Return the subjects that name somebody, by what stands before the first wildcard."""
    found: list[Operand] = []
    for each in (
        one for stated in asked if stated.key == f"{host}:sub".lower() for one in stated.operands
    ):
        if not isinstance(each, tuple) or is_open(each):
            continue
        start = "".join(_before_wildcards(each))
        if (by_audience and _is_fixed(each)) or _SUBJECT.fullmatch(start):
            found.append(folded(each))
    return found


def _before_wildcards(value: Pattern) -> Pattern:
    at = next((n for n, each in enumerate(value) if len(each) > 1), len(value))
    return value[:at]
