"""How the desk is put together: settings, the queue, the addresses, the servers it can bring along."""

from config.celery import app as celery_app

__all__ = ["celery_app"]
