"""Reads encrypted blobs with Azure's own SDK and prints the SHA-256 of each plaintext, one a line.

Arguments: the private key as a PEM file, its id, and the blobs' addresses with their SAS.
"""

import hashlib
import sys

from azure.storage.blob import BlobClient
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding

OAEP = padding.OAEP(padding.MGF1(hashes.SHA1()), hashes.SHA1(), None)


class KeyStoreKey:
    """A key encryption key as the SDK asks for it."""

    def __init__(self, private_key, key_id):
        self.private_key = private_key
        self.key_id = key_id

    def get_kid(self):
        return self.key_id

    def unwrap_key(self, key, algorithm):
        if algorithm != "RSA-OAEP":
            raise ValueError(algorithm)
        return self.private_key.decrypt(key, OAEP)


def main(pem_path, key_id, *addresses):
    with open(pem_path, "rb") as pem:
        private_key = serialization.load_pem_private_key(pem.read(), None)
    for address in addresses:
        client = BlobClient.from_blob_url(address)
        client.require_encryption = True
        client.key_encryption_key = KeyStoreKey(private_key, key_id)
        print(hashlib.sha256(client.download_blob().readall()).hexdigest())


main(*sys.argv[1:])
