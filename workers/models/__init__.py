"""Lists of workers and the workers themselves."""

from workers.models.batch import Batch, BatchFile, BatchRow
from workers.models.worker import CertificateNumbering, Reveal, Worker

__all__ = ["Batch", "BatchFile", "BatchRow", "CertificateNumbering", "Reveal", "Worker"]
