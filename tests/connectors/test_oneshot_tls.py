"""The same over TLS: who nobody vouches for gets nothing; a dropped connection shows behind its tickets."""

import ssl
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from connectors.base import RetryLater
from connectors.oneshot import one_shot
from connectors.transport import calls
from tests.connectors.stand_in import standing_in
from tests.connectors.test_oneshot import HASTE, REACH, no_trouble, wait_for_line


def make_certificate(folder):
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    start = datetime(2020, 1, 1, tzinfo=UTC)
    names = x509.SubjectAlternativeName([x509.DNSName("localhost"), x509.IPAddress(ip_address("127.0.0.1"))])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(start)
        .not_valid_after(start + timedelta(days=20_000))
        .add_extension(names, critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem = folder / "server.pem"
    pem.write_bytes(
        certificate.public_bytes(serialization.Encoding.PEM)
        + key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return pem


@pytest.fixture(scope="session")
def certificate(tmp_path_factory):
    return make_certificate(tmp_path_factory.mktemp("tls"))


@pytest.fixture
def tls_stand_in(certificate):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_3
    context.load_cert_chain(certificate)
    with standing_in(context) as server:
        yield server


def test_a_certificate_nobody_vouches_for_means_nothing_was_sent(tls_stand_in):
    with pytest.raises(RetryLater) as told, one_shot(REACH, tls_stand_in.url, no_trouble, HASTE):
        pass
    assert told.value.code == "not_secure"
    assert tls_stand_in.seen == []


def test_a_read_from_a_server_nobody_vouches_for_sends_nothing(tls_stand_in):
    with calls(REACH, no_trouble, HASTE) as session, pytest.raises(RetryLater) as told:
        session.get(tls_stand_in.url)
    assert told.value.code == "not_secure"
    assert tls_stand_in.seen == []


def test_tls_session_tickets_are_not_taken_for_a_dropped_connection(tls_stand_in, certificate, monkeypatch):
    monkeypatch.setattr("connectors.oneshot.DEFAULT_CA_BUNDLE_PATH", str(certificate))
    with one_shot(REACH, tls_stand_in.url, no_trouble, HASTE) as session:
        wait_for_line(tls_stand_in)
        assert session.post(f"{tls_stand_in.url}/feed").status_code == 200
    assert len(tls_stand_in.seen) == 1


def test_a_tls_connection_dropped_while_waiting_is_noticed(tls_stand_in, certificate, monkeypatch):
    monkeypatch.setattr("connectors.oneshot.DEFAULT_CA_BUNDLE_PATH", str(certificate))
    with one_shot(REACH, tls_stand_in.url, no_trouble, HASTE) as session:
        wait_for_line(tls_stand_in)
        tls_stand_in.hang_up()
        with pytest.raises(RetryLater) as told:
            session.post(f"{tls_stand_in.url}/feed")
    assert told.value.code == "connection_lost_before_send"
    assert tls_stand_in.seen == []
