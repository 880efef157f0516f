"""Encrypts and uploads one file with Azure's own SDK, and prints what it wrote of the encryption as JSON.

Arguments: the upload address with its SAS, the file, the protocol (1.0 or 2.0), and the public key: its id, modulus and
exponent in base64url.
"""

import base64
import json
import sys

from azure.storage.blob import BlobClient
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa

OAEP = padding.OAEP(padding.MGF1(hashes.SHA1()), hashes.SHA1(), None)


def number(text):
    return int.from_bytes(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)), "big")


class KeyStoreKey:
    """A key encryption key as the SDK asks for it; of it we have the public half."""

    def __init__(self, key_id, modulus, exponent):
        self.key_id = key_id
        self.public_key = rsa.RSAPublicNumbers(number(exponent), number(modulus)).public_key()

    def get_kid(self):
        return self.key_id

    def get_key_wrap_algorithm(self):
        return "RSA-OAEP"

    def wrap_key(self, key):
        return self.public_key.encrypt(key, OAEP)


def main(address, path, protocol, *key):
    # In small blocks, so that a region's edge lies within one.
    client = BlobClient.from_blob_url(address, max_single_put_size=1 << 20, max_block_size=3 << 20)
    client.require_encryption = True
    client.encryption_version = protocol
    client.key_encryption_key = KeyStoreKey(*key)
    with open(path, "rb") as file:
        client.upload_blob(file, overwrite=True)
    written = client.get_blob_properties().metadata["encryptiondata"]
    print(json.dumps({"encryptiondata": json.loads(written)}))


main(*sys.argv[1:])
