"""Bundles, and the steps of every published version, in the template bucket. Nothing there changes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from outreach.adapters.bundles.bundle import BrokenBundleError, Bundle, pack, unpack
from outreach.adapters.campaign_files.deployed_campaigns import version_of
from outreach.domain.errors import OutreachError

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

_NOT_THERE = frozenset({"NoSuchKey", "404"})


class NotStoredError(OutreachError):
    """The bucket does not have it."""


class S3BundleStore:
    """Stores `bundles/<campaign>/<hash>` and `steps/<campaign>/<hash>`; the hash is that of the content."""

    def __init__(self, client: S3Client, bucket: str) -> None:
        self._client = client
        self._bucket = bucket

    def put(self, bundle: Bundle) -> None:
        """Store a bundle and its steps, unless they are there; then read them back.

        Raises BrokenBundleError when what was read is not what was stored.
        """
        try:
            self.get(bundle.campaign, bundle.version)
        except (NotStoredError, BrokenBundleError):
            self._put(_bundle(bundle.campaign, bundle.version), pack(bundle), "application/zip")
            self.get(bundle.campaign, bundle.version)
        self.keep_steps(bundle.campaign, bundle.steps)

    def get(self, campaign: str, version: str) -> Bundle:
        """A bundle that is whole. Raises NotStoredError or BrokenBundleError."""
        return unpack(campaign, version, self._get(_bundle(campaign, version)))

    def keep_steps(self, campaign: str, text: str) -> str:
        """Store a campaign file for the enrollments pinned to it, unless it is there; returns its version."""
        version = version_of(text)
        try:
            self.steps(campaign, version)
        except (NotStoredError, BrokenBundleError):
            self._put(_steps(campaign, version), text.encode(), "application/yaml; charset=utf-8")
            self.steps(campaign, version)
        return version

    def steps(self, campaign: str, version: str) -> str:
        """The text of a campaign file. Raises NotStoredError or BrokenBundleError."""
        content = self._get(_steps(campaign, version))
        try:
            text = content.decode()
        except UnicodeDecodeError:
            text = ""
        if version_of(text) != version:
            raise BrokenBundleError(f"the steps of {campaign} {version} are not what their name says")
        return text

    def _put(self, key: str, content: bytes, kind: str) -> None:
        self._client.put_object(Bucket=self._bucket, Key=key, Body=content, ContentType=kind)

    def _get(self, key: str) -> bytes:
        try:
            return self._client.get_object(Bucket=self._bucket, Key=key)["Body"].read()
        except ClientError as error:
            if error.response["Error"]["Code"] in _NOT_THERE:
                raise NotStoredError(f"{key} is not in the template bucket") from None
            raise


def _bundle(campaign: str, version: str) -> str:
    return f"bundles/{campaign}/{version}.zip"


def _steps(campaign: str, version: str) -> str:
    return f"steps/{campaign}/{version}.yaml"
