"""Who vouches for a record? Ed25519 signatures, for those who asked for the extra "sign"."""

import base64
from pathlib import Path
from typing import Any

from planspec.errors import EvidenceError, PlanspecError

MAKE_A_KEY = "make one with: openssl genpkey -algorithm ed25519 -out planspec.key"


def sign(key: Path, digest: bytes) -> tuple[str, str]:
    """Return the public key and the signature over a digest, both in Base64.

    `key` is a private Ed25519 key in PEM without a passphrase. Raises PlanspecError for another one.
    """
    private = _private(key)
    public = private.public_key().public_bytes_raw()
    return _text(public), _text(private.sign(digest))


def require_key(key: Path) -> None:
    """Raise PlanspecError unless this key can sign, before anything is judged."""
    _private(key)


def holds(key: Path, digest: bytes, signature: str) -> bool:
    """Whether the owner of the public key (PEM) signed the digest. Raises PlanspecError for no key."""
    serialization, ed25519, exceptions = _cryptography()
    try:
        public = serialization.load_pem_public_key(bytes_of(key))
    except ValueError as error:
        raise PlanspecError(f"{key}: no public key in PEM; openssl pkey -pubout prints one") from error
    if not isinstance(public, ed25519.Ed25519PublicKey):
        raise PlanspecError(f"{key}: not an Ed25519 key; {MAKE_A_KEY}")
    try:
        public.verify(base64.b64decode(signature, validate=True), digest)
    except (exceptions.InvalidSignature, ValueError):
        return False
    return True


def _private(key: Path) -> Any:
    serialization, ed25519, _ = _cryptography()
    try:
        private = serialization.load_pem_private_key(bytes_of(key), password=None)
    except (ValueError, TypeError) as error:
        raise PlanspecError(
            f"{key}: no private key in PEM without a passphrase; {MAKE_A_KEY}"
        ) from error
    if not isinstance(private, ed25519.Ed25519PrivateKey):
        raise PlanspecError(f"{key}: not an Ed25519 key; {MAKE_A_KEY}")
    return private


def bytes_of(path: Path, make: str = MAKE_A_KEY) -> bytes:
    """Return what is in a file. Raises PlanspecError, which names it and tells how to make one."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise PlanspecError(f"{path}: {error.strerror}; {make}") from error


def _text(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")


def _cryptography() -> Any:
    try:
        from cryptography import exceptions
        from cryptography.hazmat.primitives import serialization
        from cryptography.hazmat.primitives.asymmetric import ed25519
    except ImportError as error:
        raise EvidenceError(
            "signatures need the package cryptography: pip install 'planspec[sign]'"
        ) from error
    return serialization, ed25519, exceptions
