"""Every change with consequences. Each opens its own transaction; locks are taken persons first, then the activity."""
