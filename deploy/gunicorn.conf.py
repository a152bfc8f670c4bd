"""gunicorn -c deploy/gunicorn.conf.py config.wsgi; says one sentence and stops when something is missing."""

import os

bind = os.environ.get("BIND", "127.0.0.1:8000")
# A request mostly waits for the database; two threads keep a worker busy while one of them waits.
workers = int(os.environ.get("WEB_CONCURRENCY", 2 * (os.cpu_count() or 1) + 1))
threads = int(os.environ.get("WEB_THREADS", 2))
worker_class = "gthread"
timeout = 60
graceful_timeout = 30
max_requests = 5000
max_requests_jitter = 500
preload_app = True  # the code is loaded once and shared, so a worker costs little memory
control_socket_disable = True  # gunicorn would put one into $HOME
forwarded_allow_ips = os.environ.get("FORWARDED_ALLOW_IPS", "127.0.0.1")
accesslog = None  # nginx keeps the access log
errorlog = "-"


def on_starting(server):
    """Runs once in the master, after config.wsgi has read the settings and before anyone is let in."""
    from config.start import refuse_unreachable  # only now is the project's folder on the path

    refuse_unreachable()
