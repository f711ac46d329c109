"""Signing in through an identity provider: OpenID Connect, authorization code flow with PKCE (Authlib).

Invariants: state, nonce and the PKCE verifier are random for each attempt and stay in a sealed token that the browser
keeps in a cookie, so an answer counts only in the browser that asked, once, for ten minutes and for the purpose it was
asked for; the ID token's signature, issuer, audience, times and nonce are checked; what comes out is who the provider
says this is, never an account: a subject opens an account only where its owner linked it. Which of the provider's words
(``amr``, ``acr``) count as a second factor is configured; by default none does.
"""

from __future__ import annotations

import base64
import binascii
import json
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from urllib.parse import quote, urlsplit

import httpx
from authlib.common.errors import AuthlibBaseError
from authlib.oauth2.client import OAuth2Client
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from thinktwice.errors import InputError, UnavailableError
from thinktwice.keyring.envelope import EnvelopeError
from thinktwice.people.errors import SignInError
from thinktwice.people.sealing import Sealing

LASTS: Final = timedelta(minutes=10)
LEEWAY_SECONDS: Final = 60
KEPT: Final = timedelta(hours=1)
"""How long what the provider says about itself is believed before it is read again."""

ALGORITHMS: Final = ["RS256", "RS384", "RS512", "PS256", "ES256", "ES384", "EdDSA"]
"""Signatures with a public key only: never ``none``, never one made with a shared secret."""

FRESH: Final = timedelta(minutes=5)
_PLACE: Final = "oidc.attempt"
_LOOPBACK: Final = ("localhost", "127.0.0.1", "::1")


@dataclass(frozen=True, slots=True, kw_only=True)
class Provider:
    """An identity provider and what the operator trusts it with.

    ``second_factor_amr`` and ``second_factor_acr`` are the words in an ID token that count as a second factor, such as
    ``mfa`` or ``hwk``; without any the person gives one here after coming back.
    """

    issuer: str
    client_id: str
    client_secret: str | None
    redirect_uri: str
    name: str = "single sign-on"
    second_factor_amr: frozenset[str] = frozenset()
    second_factor_acr: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """Who the provider says this is; accepted once (``once``), until ``expires_at``."""

    issuer: str
    subject: str
    has_second_factor: bool
    is_fresh: bool
    once: bytes
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Started:
    """Where to send the browser, and what it keeps in a cookie until it comes back (HttpOnly, Secure, SameSite=Lax)."""

    url: str
    attempt: str


class OidcClient:
    """One provider, asked over HTTPS; safe to use from several threads."""

    def __init__(
        self, provider: Provider, sealing: Sealing, clock: Callable[[], datetime], *, http: httpx.Client | None = None
    ) -> None:
        """Take the provider.

        Raises:
            InputError: The issuer or redirect address is not https (http only to this machine).
        """
        for field, address in (("issuer", provider.issuer), ("redirect_uri", provider.redirect_uri)):
            if not _is_safe(address):
                raise InputError.of("is an https address (http only to this machine)", field=field)
        self.provider = provider
        self._sealing = sealing
        self._clock = clock
        self._http = http or httpx.Client(timeout=5, follow_redirects=False)
        self._metadata: tuple[datetime, dict[str, Any]] | None = None
        self._keys: tuple[datetime, KeySet] | None = None

    def begin(self, purpose: str, *, fresh: bool = False) -> Started:
        """Begin an attempt; ``fresh`` asks the provider to authenticate the person anew.

        Raises:
            UnavailableError: The provider cannot be reached.
        """
        state, nonce, verifier = (secrets.token_urlsafe(32) for _ in range(3))
        client = self._client()
        extra = {"prompt": "login", "max_age": "0"} if fresh else {}
        url, _ = client.create_authorization_url(
            self._endpoint("authorization_endpoint"), state=state, code_verifier=verifier, nonce=nonce, **extra
        )
        until = (self._clock() + LASTS).timestamp()
        attempt = {"state": state, "nonce": nonce, "verifier": verifier, "until": until, "for": purpose}
        sealed = self._sealing.seal(json.dumps(attempt), _PLACE)
        return Started(url, base64.urlsafe_b64encode(sealed).decode("ascii"))

    def finish(self, attempt: str, query: Mapping[str, str], purpose: str) -> Identity:
        """Read the browser's return from the provider.

        Args:
            attempt: What the browser kept.
            query: The parameters it came back with.
            purpose: What this return is for; as given to ``begin``.

        Raises:
            SignInError: Anything is not as it should be, or the person declined.
            UnavailableError: The provider cannot be reached.
        """
        asked = self._attempt(attempt, purpose)
        if not secrets.compare_digest(query.get("state", "").encode(), asked["state"].encode()):
            raise SignInError("oidc: state is not the one of this browser")
        if query.get("iss", self.provider.issuer) != self.provider.issuer:
            raise SignInError("oidc: answer of another issuer")
        if "error" in query or not query.get("code"):
            raise SignInError(f"oidc: declined ({query.get('error', 'no code')[:60]})")
        token = self._token(query["code"], asked["verifier"])
        claims = self._claims(token, asked["nonce"])
        authenticated_at = claims.get("auth_time") or 0
        return Identity(
            issuer=self.provider.issuer,
            subject=str(claims["sub"]),
            has_second_factor=self._has_second_factor(claims),
            is_fresh=self._clock().timestamp() - float(authenticated_at) <= FRESH.total_seconds(),
            once=b"oidc\x00" + asked["state"].encode(),
            expires_at=datetime.fromtimestamp(asked["until"], UTC),
        )

    def close(self) -> None:
        """Close the connections to the provider."""
        self._http.close()

    def _attempt(self, attempt: str, purpose: str) -> dict[str, Any]:
        """Open what the browser kept."""
        try:
            text = self._sealing.open(base64.urlsafe_b64decode(attempt.encode("ascii")), _PLACE)
        except (EnvelopeError, binascii.Error, UnicodeEncodeError):
            raise SignInError("oidc: no attempt of this browser") from None
        asked: dict[str, Any] = json.loads(text)
        if asked["for"] != purpose:
            raise SignInError("oidc: attempt was for something else")
        if asked["until"] < self._clock().timestamp():
            raise SignInError("oidc: attempt is too old")
        return asked

    def _token(self, code: str, verifier: str) -> dict[str, Any]:
        """Exchange the code."""
        try:
            return dict(
                self._client().fetch_token(
                    self._endpoint("token_endpoint"),
                    grant_type="authorization_code",
                    code=code[:2000],
                    code_verifier=verifier,
                    auth=self._authentication(),
                    **({} if self.provider.client_secret else {"client_id": self.provider.client_id}),
                )
            )
        except httpx.HTTPError as error:
            raise UnavailableError("the identity provider cannot be reached") from error
        except (AuthlibBaseError, ValueError) as error:
            raise SignInError(f"oidc: code refused ({type(error).__name__})") from None

    def _claims(self, token: Mapping[str, Any], nonce: str) -> CodeIDToken:
        """Check the ID token and return what it says."""
        text = token.get("id_token")
        if not isinstance(text, str):
            raise SignInError("oidc: no ID token")
        decoded = self._decoded(text)
        claims = CodeIDToken(
            decoded.claims,
            decoded.header,
            options={
                "iss": {"essential": True, "value": self.provider.issuer},
                "aud": {"essential": True, "value": self.provider.client_id},
            },
            params={
                "nonce": nonce,
                "client_id": self.provider.client_id,
                "access_token": token.get("access_token"),
            },
        )
        try:
            claims.validate(now=int(self._clock().timestamp()), leeway=LEEWAY_SECONDS)
        except (JoseError, AuthlibBaseError) as error:
            raise SignInError(f"oidc: ID token refused ({error})"[:200]) from None
        if not isinstance(claims.get("sub"), str) or not 1 <= len(claims["sub"]) <= 255:
            raise SignInError("oidc: ID token names no subject")
        return claims

    def _decoded(self, text: str) -> jwt.Token:
        """Check the signature; a key that is not known yet is looked for once."""
        for is_last in (False, True):
            try:
                return jwt.decode(text, self._key_set(anew=is_last), algorithms=ALGORITHMS)
            except (JoseError, ValueError) as error:
                if is_last:
                    raise SignInError(f"oidc: signature refused ({type(error).__name__})") from None
        raise AssertionError("unreachable")

    def _has_second_factor(self, claims: Mapping[str, Any]) -> bool:
        methods = claims.get("amr")
        named = {str(method) for method in methods} if isinstance(methods, list) else set()
        return bool(named & self.provider.second_factor_amr) or claims.get("acr") in self.provider.second_factor_acr

    def _client(self) -> OAuth2Client:
        return OAuth2Client(
            self._http,
            client_id=self.provider.client_id,
            client_secret=self.provider.client_secret,
            redirect_uri=self.provider.redirect_uri,
            scope="openid",
            code_challenge_method="S256",
        )

    def _authentication(self) -> httpx.Auth:
        """Return the client's own credentials, encoded as RFC 6749 section 2.3.1 asks; without any, nothing."""
        if self.provider.client_secret is None:
            return httpx.Auth()
        return httpx.BasicAuth(quote(self.provider.client_id, safe=""), quote(self.provider.client_secret, safe=""))

    def _endpoint(self, name: str) -> str:
        now = self._clock()
        if self._metadata is None or now - self._metadata[0] > KEPT:
            metadata = self._get(self.provider.issuer.rstrip("/") + "/.well-known/openid-configuration")
            if metadata.get("issuer") != self.provider.issuer:
                raise SignInError("oidc: the provider calls itself otherwise")
            self._metadata = (now, metadata)
        address = str(self._metadata[1].get(name, ""))
        if not _is_safe(address):
            raise SignInError(f"oidc: the provider's {name} is not https")
        return address

    def _key_set(self, *, anew: bool) -> KeySet:
        now = self._clock()
        if anew or self._keys is None or now - self._keys[0] > KEPT:
            self._keys = (now, KeySet.import_key_set(self._get(self._endpoint("jwks_uri"))))  # type: ignore[arg-type]  # checked by the library
        return self._keys[1]

    def _get(self, address: str) -> dict[str, Any]:
        try:
            response = self._http.get(address)
            response.raise_for_status()
            found = response.json()
        except (httpx.HTTPError, ValueError) as error:
            raise UnavailableError("the identity provider cannot be reached") from error
        if not isinstance(found, dict):
            raise UnavailableError("the identity provider answers nothing usable")
        return found


def _is_safe(address: str) -> bool:
    """Whether an address is https, or http to this machine."""
    parts = urlsplit(address)
    return bool(parts.hostname) and (
        parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in _LOOPBACK)
    )
