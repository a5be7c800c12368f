"""Files."""

import io
from typing import Any

import factory
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from liaison.evidence.actions import keep
from liaison.evidence.models import Evidence
from tests.factories.people import OfficerFactory


def picture_bytes(colour: str = "red", size: tuple[int, int] = (8, 6), kind: str = "PNG") -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, colour).save(out, kind)
    return out.getvalue()


class EvidenceFactory(factory.django.DjangoModelFactory):
    """A tiny photo kept by ``by``."""

    class Meta:
        model = Evidence

    by = factory.SubFactory(OfficerFactory)
    name = factory.Sequence(lambda n: f"photo{n}.png")
    content = factory.LazyFunction(picture_bytes)

    @classmethod
    def _create(cls, model_class: type[Evidence], *args: Any, **kwargs: Any) -> Evidence:
        return keep(SimpleUploadedFile(kwargs["name"], kwargs["content"]), by=kwargs["by"])
