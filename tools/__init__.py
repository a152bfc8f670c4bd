"""What we use while we build the portal; nothing of it runs on a server."""
