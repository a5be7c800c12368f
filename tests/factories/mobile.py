"""What phones have sent."""

import hashlib
import uuid

import factory

from liaison.mobile.models import Upload
from tests.factories.people import OfficerFactory


class UploadFactory(factory.django.DjangoModelFactory):
    """Announced, and nothing of it here yet."""

    class Meta:
        model = Upload

    user = factory.SubFactory(OfficerFactory)
    client_id = factory.LazyFunction(uuid.uuid4)
    name = factory.Sequence(lambda n: f"photo{n}.png")
    content_type = "image/png"
    size = 100
    sha256 = hashlib.sha256(b"").hexdigest()
