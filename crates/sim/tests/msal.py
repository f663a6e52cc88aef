"""Microsoft's own library for Python asks the small cloud for tokens, over TLS.

`key DIR` makes a key and a certificate and prints the time; `tokens BASE GRAPH TENANT CLIENT
SECRET AUTHORITY DIR` asks in every way and prints what came of each as JSON.
"""

import datetime
import json
import pathlib
import sys
import time

import msal
import requests
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID

SCOPE = ["https://graph.microsoft.com/.default"]


def key(folder):
    private = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "collector")])
    now = datetime.datetime.now(datetime.timezone.utc)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(private.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .sign(private, hashes.SHA256())
    )
    encoding = serialization.Encoding
    pem = private.private_bytes(
        encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    (folder / "key.pem").write_bytes(pem)
    (folder / "certificate.pem").write_bytes(certificate.public_bytes(encoding.PEM))
    (folder / "certificate.der").write_bytes(certificate.public_bytes(encoding.DER))
    (folder / "thumbprint").write_text(certificate.fingerprint(hashes.SHA1()).hex().upper())
    print(int(time.time()))


def tokens(base, graph, tenant, client, secret, authority, folder):
    def confidential(credential):
        return msal.ConfidentialClientApplication(
            client,
            authority=f"{base}/{tenant}",
            client_credential=credential,
            verify=authority,
            instance_discovery=False,
        )

    def outcome(result):
        return "token" if "access_token" in result else result.get("error_codes")

    private = (folder / "key.pem").read_text()
    public = (folder / "certificate.pem").read_text()
    thumbprint = (folder / "thumbprint").read_text()
    app = confidential(secret)
    good = app.acquire_token_for_client(SCOPE)
    results = {
        "secret": outcome(good),
        "cached": outcome(app.acquire_token_for_client(SCOPE)),
        "wrong secret": outcome(confidential("wrong").acquire_token_for_client(SCOPE)),
        "certificate": outcome(
            confidential(
                {"private_key": private, "public_certificate": public}
            ).acquire_token_for_client(SCOPE)
        ),
        "old certificate": outcome(
            confidential(
                {"private_key": private, "thumbprint": thumbprint}
            ).acquire_token_for_client(SCOPE)
        ),
        "strange certificate": outcome(
            confidential(
                {"private_key": private, "thumbprint": "00" * 20}
            ).acquire_token_for_client(SCOPE)
        ),
    }
    bearer = {"Authorization": "Bearer " + good["access_token"]}
    answer = requests.get(f"{graph}/v1.0/organization", headers=bearer, verify=authority)
    results["organization"] = answer.json()["value"][0]["id"] == tenant

    public_app = msal.PublicClientApplication(
        client, authority=f"{base}/{tenant}", verify=authority, instance_discovery=False
    )
    flow = public_app.initiate_device_flow(["User.Read"])
    flow["interval"] = 1
    results["device code"] = outcome(public_app.acquire_token_by_device_flow(flow))
    account = public_app.get_accounts()[0]
    refreshed = public_app.acquire_token_silent(["User.Read"], account, force_refresh=True)
    results["refresh"] = outcome(refreshed or {})
    print(json.dumps(results))


if sys.argv[1] == "key":
    key(pathlib.Path(sys.argv[2]))
else:
    tokens(*sys.argv[2:8], pathlib.Path(sys.argv[8]))
