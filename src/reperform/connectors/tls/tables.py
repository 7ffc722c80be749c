"""tls: the tables that named endpoints are shaped into."""

from reperform.base.table import Column, Kind, TableSpec, Type

ENDPOINTS = TableSpec(
    "tls.endpoints",
    Kind.STATE,
    (
        Column("endpoint", Type.TEXT, "host:port as named by the user"),
        Column("observed_at", Type.TIMESTAMP, "when the handshake was made"),
        Column("protocol", Type.TEXT, "negotiated, as TLSv1.3; NULL when no handshake succeeded"),
        Column("cipher", Type.TEXT, "negotiated cipher suite"),
        Column("has_forward_secrecy", Type.BOOLEAN, "the key exchange is ephemeral"),
        Column("is_trusted", Type.BOOLEAN, "the chain leads to a root this machine trusts"),
        Column("is_name_matched", Type.BOOLEAN, "the certificate names the host"),
        Column("trust_error", Type.TEXT, "why it is not trusted or not matched"),
        Column("subject", Type.TEXT, "RFC 4514 name of the leaf certificate's subject"),
        Column("issuer", Type.TEXT, "RFC 4514 name of the leaf certificate's issuer"),
        Column("not_before", Type.TIMESTAMP, "leaf certificate"),
        Column("not_after", Type.TIMESTAMP, "leaf certificate"),
        Column("key", Type.TEXT, "kind and size, as RSA 2048 or EC secp256r1"),
    ),
)

PROTOCOLS = TableSpec(
    "tls.protocols",
    Kind.STATE,
    (
        Column("endpoint", Type.TEXT, "host:port as named by the user"),
        Column("observed_at", Type.TIMESTAMP, "when it was tried"),
        Column("protocol", Type.TEXT, "TLSv1, TLSv1.1, TLSv1.2 or TLSv1.3"),
        Column("is_accepted", Type.BOOLEAN, "NULL when this machine cannot offer that protocol"),
    ),
)

TABLES = (ENDPOINTS, PROTOCOLS)
